import { z } from "zod";
import { unitPatterns } from "../../components/kube/units";

/** What of a JSON Schema the pages read. */
export interface Schema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The schema of a type. One that has an id stands among the definitions of what it is part of. */
export function schemaOf(type: z.ZodType): Schema {
  const { $schema: _, ...made } = z.toJSONSchema(type, { io: "input", unrepresentable: "any", reused: "inline" });
  const reference = made.$ref?.replace("#/$defs/", "");
  return (reference === undefined ? made : made.$defs?.[reference]) as Schema;
}

/** A schema without alternatives, or all its alternatives. */
export function alternativesOf(schema: Schema): readonly Schema[] {
  return (schema.anyOf ?? schema.oneOf)?.flatMap(alternativesOf) ?? [schema];
}

const units: Readonly<Record<keyof typeof unitPatterns, string>> = {
  duration: "duration in `ms`, `s`, `m`, `h` or `d`",
  wholeDuration: "duration in `s`, `m`, `h` or `d`",
  size: "size in `Ki`, `Mi`, `Gi` or `Ti`",
  cpu: "CPU in cores or `m`",
  percent: "percentage in `%`",
};
const unitOf = new Map(
  Object.entries(unitPatterns).map(([name, { source }]) => [source, units[name as keyof typeof units]]),
);

/** The type of a value in words, with its unit. */
export function typeOf(schema: Schema): string {
  const all = alternativesOf(schema);
  if (all.length > 1) return [...new Set(all.map(typeOf))].join(" or ");
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(" or ");
  switch (schema.type) {
    case "array":
      return schema.items === undefined ? "list" : `list of ${typeOf(schema.items)}`;
    case "object":
      if (schema.properties !== undefined) return `{ ${Object.keys(schema.properties).join(", ")} }`;
      return typeof schema.additionalProperties === "object" ? `map of ${typeOf(schema.additionalProperties)}` : "map";
    case "integer":
    case "number":
      return range(schema);
    case "boolean":
      return "true or false";
    case "string":
      return unitOf.get(schema.pattern ?? "") ?? "text";
    default:
      return schema.title ?? "anything";
  }
}

function range({ type, minimum, maximum }: Schema): string {
  const word = type === "integer" ? "whole number" : "number";
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (minimum !== undefined && bounded) return `${word} from ${minimum} to ${maximum}`;
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) return `${word} from ${minimum}`;
  return word;
}

/** A value as it may be written in YAML. */
export function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

/** What is said of a field, and how it may be written. */
export function meaning({ description = "", examples = [] }: Schema): string {
  return examples.length === 0 ? description : `${description} Example: ${examples.map(code).join(", ")}.`;
}
