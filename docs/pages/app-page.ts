import { z } from "zod";
import { appSchema } from "../../components/app/definition/app";
import { workloadDefaults } from "../../components/app/definition/defaults";
import { type Kind, kinds } from "../../components/app/definition/workload";

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The reference page of the app schema: a table for the app itself and for each kind of workload. */
export function appPage(): string {
  const app = schemaOf(appSchema);
  const parts = (Object.keys(kinds) as Kind[]).map((kind) => kindSection(kind));
  const head = `# The app file

Made from the schema; change the schema and run \`npm run docs\`. The same fields may be written in \`app.ts\` and in \`app.yaml\`; editors take
[app.schema.json](app.schema.json).

## The app

${table(app, {})}`;
  return `${[head, ...parts].join("\n\n")}\n`;
}

function kindSection(kind: Kind): string {
  const schema = schemaOf(kinds[kind]);
  return `## \`${kind}\`\n\n${schema.description ?? ""}\n\n${table(schema, workloadDefaults[kind])}`;
}

/** A type that has an id stands among the definitions of what it is part of. */
function schemaOf(type: z.ZodType): Schema {
  const made = z.toJSONSchema(type, { io: "input", unrepresentable: "any", reused: "inline" });
  const reference = made.$ref?.replace("#/$defs/", "");
  return (reference === undefined ? made : made.$defs?.[reference]) as Schema;
}

function table(schema: Schema, defaults: object): string {
  const rows = rowsOf(schema, "", defaults).map((cells) => `| ${cells.map(escaped).join(" | ")} |`);
  return ["| field | type | default | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** A row a field; fields of plain maps follow theirs, those behind a choice or under free names do not. */
function rowsOf(schema: Schema, prefix: string, defaults: unknown): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    if (name === "kind") return [];
    const own = (defaults as Readonly<Record<string, unknown>> | undefined)?.[name];
    const fallback = schema.required?.includes(name) === true ? "required" : own === undefined ? "" : code(own);
    const isMap = field.properties !== undefined;
    const row = [`\`${prefix}${name}\``, typeOf(field), isMap ? "" : fallback, field.description ?? ""];
    return [row, ...(isMap ? rowsOf(field, `${prefix}${name}.`, own) : [])];
  });
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(" or ");
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(" or ");
  if (schema.type === "array") return `list of ${schema.items === undefined ? "anything" : typeOf(schema.items)}`;
  if (schema.type === "object") {
    if (schema.properties !== undefined) return `{ ${Object.keys(schema.properties).join(", ")} }`;
    return typeof schema.additionalProperties === "object" ? `map of ${typeOf(schema.additionalProperties)}` : "map";
  }
  if (schema.type === "integer" || schema.type === "number") return range(schema);
  return { string: "text", boolean: "true or false" }[schema.type ?? ""] ?? "anything";
}

function range({ type, minimum, maximum }: Schema): string {
  const word = type === "integer" ? "whole number" : "number";
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (minimum !== undefined && bounded) return `${word} from ${minimum} to ${maximum}`;
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) return `${word} from ${minimum}`;
  return word;
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

function escaped(cell: string): string {
  return cell.replaceAll("|", "\\|").replaceAll("\n", " ");
}
