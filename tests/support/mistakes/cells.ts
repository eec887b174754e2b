import { unitPatterns } from "../../../components/kube/units";
import type { FieldPath } from "../../../components/input/path";
import { alternativesOf, type Schema, sampleOf, takes, textFor } from "./schema";

/** How a value is wrong. */
export type ErrorClass =
  "type" | "range" | "whole" | "form" | "unit" | "choice" | "misspelt" | "unknown" | "name" | "missing";

/** One mistake in one field. */
export interface Cell {
  readonly path: FieldPath;
  readonly errorClass: ErrorClass;
  /** What is written there; nothing where the field is left out. */
  readonly value?: unknown;
  /** Everything around it, right but for this one mistake. */
  readonly whole: unknown;
}

/** What a value stands in. */
type Around = (value: unknown) => unknown;

/** Every mistake that can be made in a field and in those inside it. */
export function cellsOf(schema: Schema, path: FieldPath, around: Around): Cell[] {
  const own = wrongValues(schema).map(([errorClass, value]) => ({ path, errorClass, value, whole: around(value) }));
  return [...own, ...alternativesOf(schema).flatMap((one) => inside(one, path, around))];
}

function inside(schema: Schema, path: FieldPath, around: Around): Cell[] {
  if (schema.items !== undefined) return cellsOf(schema.items, [...path, 0], (value) => around([value]));
  const { properties, additionalProperties: values } = schema;
  if (properties !== undefined) return inMap(schema, properties, path, around);
  if (typeof values !== "object") return [];
  const name = textFor(schema.propertyNames ?? {});
  const bad = "Not A Name!";
  const names = takes(schema.propertyNames ?? {}, bad)
    ? []
    : [
        {
          path: [...path, bad],
          errorClass: "name" as const,
          value: sampleOf(values),
          whole: around({ [bad]: sampleOf(values) }),
        },
      ];
  return [...names, ...cellsOf(values, [...path, name], (value) => around({ [name]: value }))];
}

function inMap(schema: Schema, properties: Readonly<Record<string, Schema>>, path: FieldPath, around: Around): Cell[] {
  const right = sampleOf(schema) as Readonly<Record<string, unknown>>;
  const fields = Object.entries(properties).filter(([name]) => name !== "kind");
  const unknown = {
    path: [...path, "xyzzy"],
    errorClass: "unknown" as const,
    value: 1,
    whole: around({ ...right, xyzzy: 1 }),
  };
  return [
    unknown,
    ...fields.flatMap(([name, field]) => [
      ...cellsOf(field, [...path, name], (value) => around({ ...right, [name]: value })),
      ...misspelt(name, sampleOf(field), right, path, around),
      ...(schema.required?.includes(name) === true
        ? [{ path: [...path, name], errorClass: "missing" as const, whole: around(without(right, name)) }]
        : []),
    ]),
  ];
}

/** Two letters the wrong way round. */
function misspelt(
  name: string,
  value: unknown,
  right: Readonly<Record<string, unknown>>,
  path: FieldPath,
  around: Around,
): Cell[] {
  const wrong = name.replace(/^(.*)(.)(.)$/, "$1$3$2");
  if (name.length < 4 || wrong === name || Object.hasOwn(right, wrong)) return [];
  return [
    {
      path: [...path, wrong],
      errorClass: "misspelt",
      value,
      whole: around({ ...without(right, name), [wrong]: value }),
    },
  ];
}

function without(map: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([other]) => other !== name));
}

const ofEveryType: readonly unknown[] = [true, 7, "text", ["text"], { text: "text" }];
const ofStrangeForm: readonly unknown[] = ["Not This!", "", "::"];
const units = new Set<string>(Object.values(unitPatterns).map(({ source }) => source));
const longest = 100_000;

/** One wrong value for each way in which a value can be wrong. */
function wrongValues(schema: Schema): [ErrorClass, unknown][] {
  const all = alternativesOf(schema);
  // What takes anything, such as the value of a JSON Patch, can't be wrong.
  if (all.some((one) => Object.keys(one).every((key) => key === "description" || key === "$ref"))) {
    if (all.length === 1) return [];
  }
  const found: [ErrorClass, unknown][] = [];
  const other = ofEveryType.find((value) => !all.some((one) => sameType(one, value)));
  if (other !== undefined) found.push(["type", other]);
  const choices = all.flatMap((one) => one.enum ?? (typeof one.const === "string" ? [one.const] : []));
  const texts = all.filter((one) => one.type === "string" && one.enum === undefined && one.const === undefined);
  if (choices.length > 0 && texts.length === 0) found.push(["choice", "xyzzy"], ["choice", `${String(choices[0])}x`]);
  const unit = texts.find(({ pattern }) => units.has(JSON.parse(JSON.stringify(pattern ?? "")) as string));
  if (unit !== undefined) found.push(["unit", "10 parsecs"]);
  else if (texts.length > 0) {
    const form = ofStrangeForm.find((text) => !takes(schema, text));
    if (form !== undefined) found.push([texts.some(({ pattern }) => pattern !== undefined) ? "form" : "range", form]);
  }
  return [
    ...found,
    ...all.flatMap((one) => outOfRange(one)).filter(([, value]) => typeof value !== "string" || !takes(schema, value)),
  ];
}

function sameType(schema: Schema, value: unknown): boolean {
  if (schema.const !== undefined) return typeof schema.const === typeof value;
  if (schema.enum !== undefined) return typeof value === "string";
  return takes({ ...(schema.type === undefined ? {} : { type: schema.type }) }, value);
}

function outOfRange({
  type,
  minimum,
  exclusiveMinimum,
  maximum,
  minItems,
  maxItems,
  maxLength,
  items,
  pattern,
}: Schema): [ErrorClass, unknown][] {
  const found: [ErrorClass, unknown][] = [];
  if (type === "integer") found.push(["whole", 1.5]);
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) found.push(["range", minimum - 1]);
  if (exclusiveMinimum !== undefined) found.push(["range", exclusiveMinimum]);
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) found.push(["range", maximum + 1]);
  if (minItems !== undefined) found.push(["range", []]);
  if (maxItems !== undefined) found.push(["range", Array.from({ length: maxItems + 1 }, () => sampleOf(items ?? {}))]);
  if (maxLength !== undefined && maxLength < longest && pattern === undefined)
    found.push(["range", "x".repeat(maxLength + 1)]);
  if (maxLength !== undefined && pattern !== undefined) found.push(["range", "x".repeat(maxLength + 1)]);
  return found;
}
