import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../kube/object";
import { type FieldOwner, latest, type ManagedFieldsEntry, ownedFields, ownerOf, type Step } from "./managed-fields";

/** An object as the API server has it. */
export type LiveObject = KubeObject & {
  readonly metadata: KubeObject["metadata"] & { readonly managedFields?: readonly ManagedFieldsEntry[] };
};

/** One field that is other than it should be. */
export interface FieldDrift {
  /** Path as people write it, for example `spec.template.spec.containers[web].image`. */
  readonly path: string;
  /** Value in the cluster; absent where the field is missing. Values of Secrets are not told. */
  readonly is?: unknown;
  /** Value that the program gives it; absent where it gives none: then somebody added the field. */
  readonly shouldBe?: unknown;
  /** Who changed it; absent where the API server doesn't know, for example because the field was taken away. */
  readonly owner?: FieldOwner;
  /** Who changed the object last, where the field's own owner isn't known. */
  readonly lastChangedBy?: FieldOwner;
}

/**
 * The fields of an object that differ from what it would be after an `up`.
 *
 * @param live the object as it is
 * @param applied the object as a server-side apply of ours would leave it (a dry run): defaults, notations and fields of others are in both, so
 * what differs was changed by somebody
 */
export function fieldDrift(live: LiveObject, applied: LiveObject): FieldDrift[] {
  const { managedFields = [] } = live.metadata;
  const others = managedFields.filter(({ subresource }) => subresource !== "status");
  const hidden = live.kind === "Secret";
  const changed = differences(comparable(live), comparable(applied), []);
  return [...changed, ...additions(live, applied, changed)].map(({ path, is, shouldBe }) => {
    const owner = ownerOf(others, path);
    const last = owner === undefined ? latest(others) : undefined;
    return {
      path: formatSteps(path),
      ...(hidden || is === undefined ? {} : { is }),
      ...(hidden || shouldBe === undefined ? {} : { shouldBe }),
      ...(owner === undefined ? {} : { owner }),
      ...(last === undefined ? {} : { lastChangedBy: last }),
    };
  });
}

interface Difference {
  readonly path: readonly Step[];
  readonly is: unknown;
  readonly shouldBe: unknown;
}

/** Fields that others added beside ours: an apply leaves them alone, but nobody reviewed them. */
function additions(live: LiveObject, applied: LiveObject, changed: readonly Difference[]): Difference[] {
  const paths = (of: readonly ManagedFieldsEntry[]): Difference[] =>
    of.flatMap(({ fieldsV1 = {} }) =>
      ownedFields(comparable(live), fieldsV1).map(({ path, value }) => ({ path, is: value, shouldBe: undefined })),
    );
  const entries = (live.metadata.managedFields ?? []).filter(({ subresource }) => subresource !== "status");
  // The dry run's own entry names every field that the program gives.
  const ours = [...entries, ...(applied.metadata.managedFields ?? [])].filter(({ manager = "" }) =>
    ownManagers.test(manager),
  );
  const strangers = entries.filter(({ manager = "" }) => !ownManagers.test(manager) && !controllers.has(manager));
  const known = new Set([...changed, ...paths(ours)].map(({ path }) => formatSteps(path)));
  const added = paths(strangers).filter(({ path }) => path.length > 1 && !known.has(formatSteps(path)));
  return [...new Map(added.map((one) => [formatSteps(one.path), one])).values()];
}

/** Names under which the engine writes. */
const ownManagers = /^(pulumi-kubernetes|petrichor)/;

/** Parts of Kubernetes that fill in fields of other people's objects as their duty. */
const controllers = new Set([
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-apiserver",
  "cloud-controller-manager",
]);

type Fields = Readonly<Record<string, unknown>>;

/** What of an object is a matter of intent: not its status, and not what the server itself keeps about it. */
function comparable(object: LiveObject): Fields {
  const { labels, annotations } = object.metadata;
  const intent = Object.entries(object).filter(([field]) => field !== "status" && field !== "metadata");
  return { ...Object.fromEntries(intent), metadata: { labels, annotations } };
}

function differences(is: unknown, shouldBe: unknown, path: readonly Step[]): Difference[] {
  if (isDeepStrictEqual(is, shouldBe)) return [];
  if (isFields(is) && isFields(shouldBe)) {
    const names = [...new Set([...Object.keys(is), ...Object.keys(shouldBe)])].sort();
    return names.flatMap((name) => differences(is[name], shouldBe[name], [...path, { field: name }]));
  }
  const elements = pairs(is, shouldBe);
  if (elements === undefined) return [{ path, is, shouldBe }];
  return elements.flatMap(([one, other]) => differences(one, other, [...path, { element: (one ?? other) as Fields }]));
}

/** Elements of two lists side by side by their name; undefined for lists whose elements have none. */
function pairs(is: unknown, shouldBe: unknown): [unknown, unknown][] | undefined {
  if (!isNamedList(is) || !isNamedList(shouldBe)) return undefined;
  const names = [...new Set([...is, ...shouldBe].map(({ name }) => name))];
  const find = (list: readonly Named[], name: string): Named | undefined => list.find((one) => one.name === name);
  return names.map((name) => [find(is, name), find(shouldBe, name)]);
}

interface Named extends Fields {
  readonly name: string;
}

function isNamedList(value: unknown): value is readonly Named[] {
  if (!Array.isArray(value)) return false;
  const names = value.map((one: unknown) => (isFields(one) ? one.name : undefined));
  return names.every((name) => typeof name === "string") && new Set(names).size === names.length;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const identifier = /^[A-Za-z_][\w-]*$/;

function formatSteps(path: readonly Step[]): string {
  return path
    .map((step, index) => {
      if ("element" in step) return `[${String(step.element.name)}]`;
      if (!identifier.test(step.field)) return `[${JSON.stringify(step.field)}]`;
      return index === 0 ? step.field : `.${step.field}`;
    })
    .join("");
}
