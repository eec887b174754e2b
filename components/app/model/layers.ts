import type { FieldPath } from "../../input/path";

/** A tree of plain data as a person writes it. */
export type Tree = Readonly<Record<string, unknown>>;

/** Whether a value is a map of fields, and not a list, a function or a scalar. */
export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lays one tree over another: maps are merged field by field, everything else replaces; `null` takes a field away. */
export function overlay(below: unknown, above: unknown): unknown {
  if (!isTree(below) || !isTree(above)) return above;
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else if (value !== undefined) {
      define(merged, key, Object.hasOwn(merged, key) ? overlay(merged[key], value) : withoutNulls(value));
    }
  }
  return merged;
}

/** The value at a path, or nothing. */
export function valueAt(tree: unknown, path: FieldPath): unknown {
  let value = tree;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

function withoutNulls(value: unknown): unknown {
  return isTree(value) ? overlay({}, value) : value;
}

/** Plain assignment would call the setter of a key such as `__proto__`. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
