/** One step into an object: a field, or the element of a list that has these values. */
export type Step = { readonly field: string } | { readonly element: Readonly<Record<string, unknown>> };

/** Who manages which fields of an object, as the API server keeps it. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: string;
  readonly time?: string;
  readonly subresource?: string;
  readonly fieldsV1?: FieldSet;
}

/** The API server's set of fields: `f:NAME` for a field, `k:{…}` for an element by key, `v:…` for one by value. */
export interface FieldSet {
  readonly [key: string]: FieldSet;
}

/** Who changed a field, and when. */
export interface FieldOwner {
  readonly manager: string;
  /** RFC 3339. */
  readonly time?: string;
  /** Way the change came in, for example `scale`. */
  readonly subresource?: string;
}

/**
 * Who manages the field at a path: of those who name the deepest part of it, the one that came last. Nothing where nobody does, for example
 * because the field was taken away.
 */
export function ownerOf(entries: readonly ManagedFieldsEntry[], path: readonly Step[]): FieldOwner | undefined {
  const deepest = Math.max(0, ...entries.map((entry) => depthOf(entry.fieldsV1, path)));
  if (deepest === 0) return undefined;
  return latest(entries.filter((entry) => depthOf(entry.fieldsV1, path) === deepest));
}

/** A field that somebody set, with its value. */
export interface OwnedField {
  readonly path: readonly Step[];
  readonly value: unknown;
}

/** The fields of an object that an entry names, down to the deepest; of an element that the manager added, the element. */
export function ownedFields(object: unknown, fields: FieldSet, path: readonly Step[] = []): OwnedField[] {
  const inner = Object.entries(fields).filter(([key]) => key !== ".");
  if (inner.length === 0 || ("." in fields && path.length > 0 && "element" in (path.at(-1) as Step))) {
    return object === undefined ? [] : [{ path, value: object }];
  }
  return inner.flatMap(([key, below]) => {
    const found = follow(object, key);
    return found === undefined ? [] : ownedFields(found.value, below, [...path, found.step]);
  });
}

function follow(object: unknown, key: string): { step: Step; value: unknown } | undefined {
  if (key.startsWith("f:")) {
    const field = key.slice("f:".length);
    return { step: { field }, value: (object as Readonly<Record<string, unknown>> | undefined)?.[field] };
  }
  if (!key.startsWith("k:") || !Array.isArray(object)) return undefined;
  const element = (object as Readonly<Record<string, unknown>>[]).find((one) => isElement(key, one));
  return element === undefined ? undefined : { step: { element }, value: element };
}

/** The last of several managers. */
export function latest(entries: readonly ManagedFieldsEntry[]): FieldOwner | undefined {
  const [last] = [...entries].sort((a, b) => (b.time ?? "").localeCompare(a.time ?? ""));
  if (last?.manager === undefined) return undefined;
  return {
    manager: last.manager,
    ...(last.time === undefined ? {} : { time: last.time }),
    ...(last.subresource === undefined || last.subresource === "" ? {} : { subresource: last.subresource }),
  };
}

/** How many steps of a path a set of fields names. */
function depthOf(fields: FieldSet | undefined, [step, ...rest]: readonly Step[]): number {
  if (fields === undefined || step === undefined) return 0;
  const inner = child(fields, step);
  return inner === undefined ? 0 : 1 + depthOf(inner, rest);
}

function child(fields: FieldSet, step: Step): FieldSet | undefined {
  if ("field" in step) return fields[`f:${step.field}`];
  const key = Object.keys(fields).find((one) => one.startsWith("k:") && isElement(one, step.element));
  return key === undefined ? undefined : fields[key];
}

/** Whether an element has the values that a key names. */
function isElement(key: string, element: Readonly<Record<string, unknown>>): boolean {
  const named = JSON.parse(key.slice("k:".length)) as Record<string, unknown>;
  return Object.entries(named).every(([name, value]) => element[name] === value);
}
