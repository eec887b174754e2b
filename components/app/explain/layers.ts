import { type FieldPath, formatPath } from "../../input/path";
import { isTree, valueAt } from "../model/layers";

/** Where a value comes from. */
export type Origin =
  /** What the app's file says at `path`. */
  | { readonly from: "app"; readonly path: FieldPath }
  /** What the stack's file says at `path`. */
  | { readonly from: "stack"; readonly path: FieldPath }
  /** The release file: digests and given ports. */
  | { readonly from: "release" }
  /** The table of defaults. */
  | { readonly from: "default" }
  /** A fact of the cluster. */
  | { readonly from: "facts"; readonly fact: string }
  /** Made from other fields; `of` says from which. */
  | { readonly from: "derived"; readonly of: string };

/** Values from one place, laid over those from the places below. */
export interface Layer {
  readonly tree: unknown;
  readonly origin: (path: FieldPath) => Origin;
}

/** The value of one field, and where it came from. */
export interface ResolvedField {
  readonly path: FieldPath;
  readonly value: unknown;
  readonly origin: Origin;
  /** What a person wrote there that does not count, or not as it stands. */
  readonly instead?: { readonly value: unknown; readonly origin: Origin };
}

/** Every field that has a value at or below a path; the layers come topmost first. */
export function resolveFields(layers: readonly Layer[], path: FieldPath = []): ResolvedField[] {
  const said = layers.flatMap((layer) => {
    const value = valueAt(layer.tree, path);
    return value === undefined ? [] : [{ layer, value }];
  });
  const [top, ...below] = said;
  if (top === undefined) return [];
  if (isTree(top.value) || isListOfTrees(top.value)) {
    const nested = said.filter(({ value }) => Array.isArray(value) === Array.isArray(top.value));
    const written = nested.find(({ layer }) => isWritten(layer.origin(path)));
    // A list is what a person wrote, as a whole: other layers only complete its entries.
    const counting = Array.isArray(top.value)
      ? keysOf((written ?? top).value)
      : [...new Set(nested.flatMap(({ value }) => keysOf(value)))];
    if (counting.length > 0) return counting.flatMap((key) => resolveFields(layers, [...path, key]));
  }
  const written = below.find(({ layer }) => isWritten(layer.origin(path)));
  return [
    {
      path,
      value: top.value,
      origin: top.layer.origin(path),
      ...(written === undefined ? {} : { instead: { value: written.value, origin: written.layer.origin(path) } }),
    },
  ];
}

/** A layer of values that each have an origin of their own, for example those that are computed. */
export class MadeLayer implements Layer {
  readonly tree: Record<string, unknown> = {};
  readonly #origins = new Map<string, Origin>();

  /** Puts a value where it belongs; nothing for one that is not there. */
  put(path: FieldPath, value: unknown, origin: Origin): void {
    if (value === undefined) return;
    this.#origins.set(formatPath(path), origin);
    let place: Record<string | number, unknown> = this.tree;
    path.slice(0, -1).forEach((part, index) => {
      place[part] ??= typeof path[index + 1] === "number" ? [] : {};
      place = place[part] as Record<string | number, unknown>;
    });
    // Values of the frozen tables are completed further.
    place[path.at(-1) ?? ""] = structuredClone(value);
  }

  origin = (path: FieldPath): Origin => {
    for (let depth = path.length; depth > 0; depth--) {
      const found = this.#origins.get(formatPath(path.slice(0, depth)));
      if (found !== undefined) return found;
    }
    return { from: "default" };
  };
}

/** What is left of a tree when another one takes fields away from it with `null`. */
export function withoutTaken(tree: unknown, above: unknown): unknown {
  if (!isTree(tree) || !isTree(above)) return tree;
  const kept = Object.entries(tree).filter(([key]) => above[key] !== null);
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutTaken(value, above[key])]));
}

/** A tree without its nulls. */
export function withoutNulls(tree: unknown): unknown {
  if (!isTree(tree)) return tree;
  const kept = Object.entries(tree).filter(([, value]) => value !== null);
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutNulls(value)]));
}

function isWritten({ from }: Origin): boolean {
  return from === "app" || from === "stack";
}

function isListOfTrees(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTree);
}

function keysOf(value: unknown): (string | number)[] {
  if (Array.isArray(value)) return [...value.keys()];
  return isTree(value) ? Object.keys(value) : [];
}
