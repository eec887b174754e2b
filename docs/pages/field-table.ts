import { Several } from "./merged-defaults";
import { alternativesOf, code, meaning, type Schema, typeOf } from "./schema";

/** Fields that are told in a section of their own, by what they look like and what they are called. */
export interface Sections {
  readonly anchorOf: (name: string, schema: Schema) => string | undefined;
}

/** Values of fields that nobody gives, in the shape of the fields; those of entries under free names stand under `<name>`, those of lists under `[]`. */
export type Defaults = unknown;

const columns = ["field", "type", "default", "meaning"];

/** A table of the fields of a map, each with a link to its section where it has one. */
export function fieldTable(
  fields: Readonly<Record<string, Schema>>,
  required: readonly string[],
  defaults: Defaults,
  sections: Sections,
): string {
  const rows = Object.entries(fields)
    .filter(([name]) => name !== "kind")
    .map(([name, field]) => {
      const fallback = at(defaults, name);
      const isSaidThere = sections.anchorOf(name, field) !== undefined && isFilled(fallback);
      return row(name, name, field, required, isSaidThere ? {} : defaults, sections);
    });
  return tableOf(rows);
}

/** A table of everything inside a field, whatever shape it has. */
export function insideTable(name: string, schema: Schema, defaults: Defaults, sections: Sections): string {
  const rows = inside(name, schema, defaults, sections);
  // What several forms of a field have alike is said once.
  return tableOf([...new Map(rows.map((cells) => [JSON.stringify(cells), cells])).values()]);
}

/** Whether a field has fields of its own. */
export function hasInside(schema: Schema): boolean {
  return alternativesOf(schema).some(
    ({ properties, items, additionalProperties: values }) =>
      properties !== undefined ||
      (items !== undefined && hasInside(items)) ||
      (typeof values === "object" && hasInside(values)),
  );
}

function inside(prefix: string, schema: Schema, defaults: Defaults, sections: Sections): string[][] {
  const forms = alternativesOf(schema).filter(({ properties }) => properties !== undefined).length;
  return alternativesOf(schema).flatMap(({ properties, required = [], items, additionalProperties: values }) => {
    if (items !== undefined) return inside(`${prefix}[]`, items, at(defaults, "[]"), sections);
    if (typeof values === "object") return inside(`${prefix}.<name>`, values, at(defaults, "<name>"), sections);
    return Object.entries(properties ?? {}).flatMap(([name, field]) => {
      const own = row(`${prefix}.${name}`, name, field, required, defaults, sections);
      if (own[2] === "required" && forms > 1) own[2] = "required in its form";
      const isElsewhere = sections.anchorOf(name, field) !== undefined;
      return [own, ...(isElsewhere ? [] : inside(`${prefix}.${name}`, field, at(defaults, name), sections))];
    });
  });
}

function row(
  written: string,
  name: string,
  field: Schema,
  required: readonly string[],
  defaults: Defaults,
  sections: Sections,
): string[] {
  const anchor = sections.anchorOf(name, field);
  const own = at(defaults, name);
  const isSaidInside = anchor === undefined && hasInside(field) && isFilled(own);
  const fallback = required.includes(name) ? "required" : isSaidInside ? "" : toldDefault(own);
  const type = anchor === undefined ? typeOf(field) : `[${shapeOf(field)}](#${anchor})`;
  // A default is example enough.
  return [`\`${written}\``, type, fallback, fallback === "" ? meaning(field) : (field.description ?? "")];
}

function toldDefault(value: unknown): string {
  if (value === undefined) return "";
  if (!(value instanceof Several)) return code(value);
  return [...value.values].map(([told, holders]) => `\`${told}\` (${holders.join(", ")})`).join("; ");
}

function shapeOf(schema: Schema): string {
  const [first = schema] = alternativesOf(schema);
  if (first.type === "array") return "list";
  return first.properties === undefined && typeof first.additionalProperties === "object" ? "map of names" : "map";
}

function isFilled(value: Defaults): boolean {
  return typeof value === "object" && value !== null && !(value instanceof Several) && Object.keys(value).length > 0;
}

function at(defaults: Defaults, name: string): Defaults {
  return typeof defaults === "object" && defaults !== null && Object.hasOwn(defaults, name)
    ? (defaults as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function tableOf(rows: readonly string[][]): string {
  const lines = rows.map((cells) => `| ${cells.map(escaped).join(" | ")} |`);
  return [`| ${columns.join(" | ")} |`, `|${" --- |".repeat(columns.length)}`, ...lines].join("\n");
}

function escaped(cell: string): string {
  return cell.replaceAll("|", "\\|").replaceAll("\n", " ");
}
