import { z } from "zod";
import type { Vocabulary } from "../../input/issues";
import type { FieldPath } from "../../input/path";
import { closest } from "../../input/suggest";
import { appSchema } from "../definition/app";
import { unitExpectations } from "../definition/scalars";
import { type Kind, kinds } from "../definition/workload";
import { isTree } from "./layers";

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const units = new Set<string>(Object.values(unitExpectations));
const schemas = new Map<z.ZodType, Schema>();

/** The words of an app's own fields. */
export const appVocabulary: Vocabulary = { units, fields: (path) => fieldsAt(schemaOf(appSchema), path) };

/** The words of a workload's fields. */
export function workloadVocabulary(kind: Kind): Vocabulary {
  return {
    units,
    fields: (path) => fieldsAt(schemaOf(kinds[kind]), path),
    belongs: (field, path) => kindsWith(field, path, kind),
    hidden: (path) => path.some((part) => part === "env" || part === "files" || part === "connection"),
  };
}

/** What the schema of an app says that a field of its own means. */
export function describeAppField(path: FieldPath): string | undefined {
  return describeAt(schemaOf(appSchema), path);
}

/** What the schema of a kind says that a field means. */
export function describeField(kind: Kind, path: FieldPath): string | undefined {
  return describeAt(schemaOf(kinds[kind]), path);
}

function describeAt(root: Schema, path: FieldPath): string | undefined {
  const own = stepsTo(root, path).flatMap((one) => flat(one, root));
  return own.find(({ description }) => description !== undefined)?.description;
}

function stepsTo(root: Schema, path: FieldPath): Schema[] {
  return path.reduce<Schema[]>((at, part) => at.flatMap((one) => step(one, part, root)), [root]);
}

function schemaOf(type: z.ZodType): Schema {
  const known = schemas.get(type);
  if (known !== undefined) return known;
  const made = z.toJSONSchema(type, { io: "input", unrepresentable: "any", reused: "inline" }) as Schema;
  schemas.set(type, made);
  return made;
}

function fieldsAt(root: Schema, path: FieldPath): string[] {
  const found = stepsTo(root, path).flatMap((one) => flat(one, root));
  return [
    ...new Set(found.flatMap((one) => [...Object.keys(one.properties ?? {}), ...(one.propertyNames?.enum ?? [])])),
  ].filter((name) => name !== "kind" || path.length > 0);
}

/** A schema and its alternatives. Types that have an id stand among the root's definitions and are referred to from everywhere. */
function flat(schema: Schema, root: Schema): Schema[] {
  const definition = schema.$ref === undefined ? undefined : root.$defs?.[schema.$ref.replace("#/$defs/", "")];
  const alternatives = [
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(definition === undefined ? [] : [definition]),
  ];
  return [schema, ...alternatives.flatMap((one) => flat(one, root))];
}

function step(schema: Schema, part: string | number, root: Schema): Schema[] {
  return flat(schema, root).flatMap((one) => {
    const next = typeof part === "number" ? one.items : (one.properties?.[part] ?? one.additionalProperties);
    return isTree(next) ? [next as Schema] : [];
  });
}

function kindsWith(field: string, path: FieldPath, kind: Kind): string | undefined {
  if (path.length > 0) return undefined;
  const own = fieldsAt(schemaOf(kinds[kind]), []);
  if (closest(field, own) !== undefined) return undefined;
  const others = (Object.keys(kinds) as Kind[]).filter((other) => fieldsAt(schemaOf(kinds[other]), []).includes(field));
  return others.length === 0 ? undefined : `${others.join(", ")} and not to ${kind}`;
}
