import { z } from "zod";

/** What of a JSON Schema this reads. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** The schema of a type, with nothing referred to but what refers to itself. */
export function schemaOf(type: z.ZodType): Schema {
  const made = z.toJSONSchema(type, { io: "input", unrepresentable: "any", reused: "inline" });
  const reference = made.$ref?.replace("#/$defs/", "");
  return (reference === undefined ? made : made.$defs?.[reference]) as Schema;
}

/** A schema without alternatives, or all its alternatives. */
export function alternativesOf(schema: Schema): readonly Schema[] {
  return (schema.anyOf ?? schema.oneOf)?.flatMap(alternativesOf) ?? [schema];
}

/** Text of every form that a field of an app may have; the first that fits a pattern is taken. */
const texts = [
  ...[
    "one",
    "ONE",
    "/one",
    "./one",
    "1Gi",
    "100m",
    "30s",
    "70%",
    "1.26",
    "one/two",
    "text/html",
    "10.0.0.0/8",
    "https://one.example.com",
    "https://one.example.com/two",
  ],
  ...[
    "one.example.com",
    "arn:aws:iam::123456789012:role/one",
    "01234567-89ab-cdef-0123-456789abcdef",
    "a".repeat(64),
    "0 6 * * *",
  ],
];

/** A value that the schema takes: the smallest one. */
export function sampleOf(schema: Schema): unknown {
  const [first = schema] = alternativesOf(schema);
  if (first.const !== undefined) return first.const;
  if (first.enum !== undefined) return first.enum[0];
  switch (first.type) {
    case "string":
      return textFor(first);
    case "integer":
    case "number":
      return Math.max(first.minimum ?? 1, 1);
    case "boolean":
      return true;
    case "array":
      return (first.minItems ?? 0) > 0 ? [sampleOf(first.items ?? {})] : [];
    case "object":
      return Object.fromEntries((first.required ?? []).map((name) => [name, sampleOf(first.properties?.[name] ?? {})]));
    default:
      return "anything";
  }
}

/** Text that a schema takes. */
export function textFor(schema: Schema): string {
  const [choice] = schema.enum ?? [];
  const found = choice ?? texts.find((text) => takesText(schema, text));
  if (typeof found !== "string") throw new Error(`no sample has the form ${schema.pattern ?? "?"}`);
  return found;
}

function takesText({ pattern, format, minLength = 0, maxLength = Infinity }: Schema, text: string): boolean {
  if (format === "uri" && !URL.canParse(text)) return false;
  return (
    text.length >= minLength && text.length <= maxLength && (pattern === undefined || new RegExp(pattern).test(text))
  );
}

/** Whether some alternative takes this value as far as its type and, for text, its form go. */
export function takes(schema: Schema, value: unknown): boolean {
  return alternativesOf(schema).some((one) => {
    if (one.const !== undefined) return one.const === value;
    if (one.enum !== undefined) return one.enum.includes(value);
    switch (one.type) {
      case "string":
        return typeof value === "string" && takesText(one, value);
      case "integer":
      case "number":
        return typeof value === "number";
      case "boolean":
        return typeof value === "boolean";
      case "array":
        return Array.isArray(value);
      case "object":
        return typeof value === "object" && value !== null && !Array.isArray(value);
      default:
        return false;
    }
  });
}
