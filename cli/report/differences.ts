import { isDeepStrictEqual } from "node:util";
import { keys } from "../../components/kube/labels";
import type { KubeObject } from "../../components/kube/object";
import { podOf } from "../../policies/pods";
import { rounded, sizeText } from "../../policies/quantities";
import { field, requestsOf, runningWorkloads } from "../../policies/workloads";
import { permissions } from "./permissions";

/** What one difference is about; `data` and `permissions` want the closest look. */
export type Aspect =
  "data" | "permissions" | "addresses" | "images" | "replicas" | "resources" | "schedule" | "workloads" | "settings";

/** One thing that is another afterwards, as a reviewer thinks of it. */
export interface Difference {
  readonly aspect: Aspect;
  /** For example `Deployment web`. */
  readonly subject: string;
  readonly before?: string;
  readonly after?: string;
  /** Something that can't be taken back, or that lets in more than before. */
  readonly risk?: string;
}

const order: readonly Aspect[] = [
  "data",
  "permissions",
  "addresses",
  "workloads",
  "images",
  "replicas",
  "resources",
  "schedule",
  "settings",
];
const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"];

/** What differs between the objects of an app, what is most dangerous first. Pure. */
export function differences(before: readonly KubeObject[], after: readonly KubeObject[]): Difference[] {
  const found = [
    ...workloads(before, after),
    ...data(before, after),
    ...listed("addresses", before, after, addresses),
    ...permissions(before, after),
    ...settings(before, after),
  ];
  return found.sort((left, right) => order.indexOf(left.aspect) - order.indexOf(right.aspect));
}

/** `Deployment web` */
export function subjectOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.name}`;
}

/** Pairs objects of the same kind and name; either side is missing where there is none. */
export function pairs(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
): readonly { readonly old?: KubeObject; readonly now?: KubeObject; readonly subject: string }[] {
  const key = (object: KubeObject): string => `${object.metadata.namespace ?? ""}/${subjectOf(object)}`;
  const old = new Map(before.map((object) => [key(object), object]));
  const now = new Map(after.map((object) => [key(object), object]));
  return [...new Set([...old.keys(), ...now.keys()])].map((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    return {
      subject: name.slice(name.indexOf("/") + 1),
      ...(was === undefined ? {} : { old: was }),
      ...(is === undefined ? {} : { now: is }),
    };
  });
}

function ofKinds(kinds: readonly string[], objects: readonly KubeObject[]): KubeObject[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}

function workloads(before: readonly KubeObject[], after: readonly KubeObject[]): Difference[] {
  return pairs(ofKinds(workloadKinds, before), ofKinds(workloadKinds, after)).flatMap(({ subject, old, now }) => {
    const aspects: [Aspect, (object: KubeObject, all: readonly KubeObject[]) => string | undefined][] = [
      ["images", images],
      ["replicas", replicas],
      ["resources", resources],
      ["schedule", (object) => field(object, "spec.schedule") as string | undefined],
    ];
    const found = aspects.flatMap(([aspect, tell]) => {
      const was = old === undefined ? undefined : tell(old, before);
      const is = now === undefined ? undefined : tell(now, after);
      return was === is || now === undefined ? [] : [{ aspect, subject, ...sides(was, is) }];
    });
    if (old === undefined) return [{ aspect: "workloads", subject, after: "new" }, ...found];
    return now === undefined ? [{ aspect: "workloads", subject, before: "removed" }, ...found] : found;
  });
}

function sides(before: string | undefined, after: string | undefined): Pick<Difference, "before" | "after"> {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function images(object: KubeObject): string {
  const pod = podOf(object);
  const containers = [...((pod?.initContainers ?? []) as object[]), ...((pod?.containers ?? []) as object[])];
  return [...new Set(containers.map((container) => shortImage(String((container as { image?: string }).image))))].join(
    ", ",
  );
}

/** A digest is told by its beginning, as Git does with commits. */
function shortImage(image: string): string {
  return image.replace(/@sha256:([0-9a-f]{12})[0-9a-f]*/, "@$1");
}

function replicas(object: KubeObject, all: readonly KubeObject[]): string | undefined {
  const found = runningWorkloads(all).find((workload) => workload.object === object);
  if (found === undefined || object.kind === "DaemonSet") return undefined;
  const { min, max } = found.replicas;
  return min === max ? String(min) : `${min} to ${max}`;
}

function resources(object: KubeObject): string {
  const { cpu, memory } = requestsOf(podOf(object));
  return `${rounded(cpu)} CPU, ${sizeText(memory)}`;
}

/** Volumes that go, shrink or move: what is in them can't be had back. */
function data(before: readonly KubeObject[], after: readonly KubeObject[]): Difference[] {
  return pairs(claims(before), claims(after)).flatMap(({ subject, old, now }): Difference[] => {
    const [was, is] = [old, now].map((claim) => (claim === undefined ? undefined : storageOf(claim)));
    if (was === is) return [];
    if (old === undefined) return [{ aspect: "data", subject, ...sides(was, is) }];
    const kept = old.metadata.annotations?.[keys.keep] === "true";
    if (now === undefined) {
      const risk = kept ? {} : { risk: "the data is deleted" };
      return [{ aspect: "data", subject, ...sides(was, kept ? "stays on the cluster" : undefined), ...risk }];
    }
    const moved = field(old, "spec.storageClassName") !== field(now, "spec.storageClassName");
    const risk = moved ? { risk: "another storage class means a new, empty volume" } : {};
    return [{ aspect: "data", subject, ...sides(was, is), ...risk }];
  });
}

/** The claims of an app, those that a StatefulSet makes for each of its replicas among them. */
function claims(objects: readonly KubeObject[]): KubeObject[] {
  return objects.flatMap((object) => {
    if (object.kind === "PersistentVolumeClaim") return [object];
    const templates = (field(object, "spec.volumeClaimTemplates") ?? []) as KubeObject[];
    // Kubernetes keeps them unless the set says otherwise.
    const kept = field(object, "spec.persistentVolumeClaimRetentionPolicy.whenDeleted") !== "Delete";
    return templates.map(({ metadata, ...template }) => ({
      ...template,
      kind: "Volume",
      metadata: {
        ...metadata,
        name: `${metadata.name} of ${object.metadata.name}`,
        annotations: { ...metadata.annotations, [keys.keep]: String(kept) },
      },
    }));
  });
}

function storageOf(claim: KubeObject): string {
  const size = (field(claim, "spec.resources.requests.storage") as string | undefined) ?? "of no size";
  const kind = field(claim, "spec.storageClassName") as string | undefined;
  return kind === undefined ? size : `${size} of ${kind}`;
}

/** What becomes true and what is no longer, of a list of short texts that objects come to. */
function listed(
  aspect: Aspect,
  before: readonly KubeObject[],
  after: readonly KubeObject[],
  tell: (object: KubeObject) => readonly string[],
): Difference[] {
  const [old, now] = [before, after].map((objects) => new Set(objects.flatMap((object) => tell(object))));
  return [
    ...[...(now ?? [])]
      .filter((one) => old?.has(one) !== true)
      .map((one) => ({ aspect, subject: one, after: "opened" })),
    ...[...(old ?? [])]
      .filter((one) => now?.has(one) !== true)
      .map((one) => ({ aspect, subject: one, before: "closed" })),
  ];
}

function addresses({ kind, metadata, spec }: KubeObject): string[] {
  if (kind === "HTTPRoute" || kind === "GRPCRoute") return (field(spec, "hostnames") ?? []) as string[];
  if (kind !== "Service" || field(spec, "type") !== "LoadBalancer") return [];
  const ports = (field(spec, "ports") ?? []) as { readonly port: number; readonly protocol?: string }[];
  return ports.map(({ port, protocol = "TCP" }) => `port ${port}/${protocol} of ${metadata.name}`);
}

/** Objects that differ in ways that no other aspect tells of: named, not printed. */
function settings(before: readonly KubeObject[], after: readonly KubeObject[]): Difference[] {
  return pairs(before, after).flatMap(({ subject, old, now }): Difference[] => {
    if (old === undefined || now === undefined || isDeepStrictEqual(plain(old), plain(now))) return [];
    const told = [
      ...workloads([old], [now]),
      ...data([old], [now]),
      ...listed("addresses", [old], [now], addresses),
      ...permissions([old], [now]),
    ];
    return told.length > 0 ? [] : [{ aspect: "settings", subject, after: "changed" }];
  });
}

/**
 * As the API server keeps it: the state may write a quantity as text or as a number, and may leave away what a field has without being
 * written (0, false, nothing).
 */
function plain({ status, ...object }: KubeObject): unknown {
  return kept(JSON.parse(JSON.stringify(object)));
}

function kept(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kept);
  if (typeof value !== "object" || value === null) return typeof value === "number" ? String(value) : value;
  const entries = Object.entries(value).filter(([, one]) => one !== 0 && one !== false && one !== null && one !== "");
  return Object.fromEntries(entries.map(([key, one]) => [key, kept(one)]));
}
