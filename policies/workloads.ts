import type { KubeObject } from "../components/kube/object";
import { podOf } from "./pods";
import { quantity } from "./quantities";

type Plain = Readonly<Record<string, unknown>>;

/** What runs for as long as it is wanted, with how many replicas and what each of them asks for. */
export interface RunningWorkload {
  readonly object: KubeObject;
  /** Fewest and most replicas: those of its autoscaler, else the fixed number twice. */
  readonly replicas: { readonly min: number; readonly max: number };
  readonly autoscaled: boolean;
  /** Of one replica: cores and bytes. */
  readonly requests: { readonly cpu: number; readonly memory: number };
  /** Labels of its pods. */
  readonly labels: Readonly<Record<string, string>>;
}

const runningKinds = ["Deployment", "StatefulSet", "DaemonSet"];
const scalerKinds = ["HorizontalPodAutoscaler", "ScaledObject"];

/**
 * Finds what shares an object's namespace, in the order given. A stack has thousands of objects: rules that compare each with all
 * others would take minutes.
 */
export function byNamespace<T>(
  items: readonly T[],
  objectOf: (item: T) => KubeObject,
): (object: KubeObject) => readonly T[] {
  const namespaces = new Map<string | undefined, T[]>();
  for (const item of items) {
    const { namespace } = objectOf(item).metadata;
    const there = namespaces.get(namespace);
    if (there === undefined) namespaces.set(namespace, [item]);
    else there.push(item);
  }
  return ({ metadata }) => namespaces.get(metadata.namespace) ?? [];
}

/** The workloads among objects that run until they are told to stop. A daemon counts as one replica. */
export function runningWorkloads(objects: readonly KubeObject[]): RunningWorkload[] {
  const scalers = byNamespace(
    objects.filter(({ kind }) => scalerKinds.includes(kind)),
    (scaler) => scaler,
  );
  return objects
    .filter(({ kind }) => runningKinds.includes(kind))
    .map((object) => {
      const scaler = scalers(object).find((other) => scales(other, object));
      const fixed = Number(field(object, "spec.replicas") ?? 1);
      const replicas = scaler === undefined ? { min: fixed, max: fixed } : bounds(scaler);
      const labels = (field(object, "spec.template.metadata.labels") ?? {}) as Record<string, string>;
      return { object, replicas, autoscaled: scaler !== undefined, requests: requestsOf(podOf(object)), labels };
    });
}

/** Whether a selector of labels means pods with these labels. An empty one means all. */
export function selects(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  const { matchLabels, matchExpressions } = (selector ?? {}) as { matchLabels?: Plain; matchExpressions?: unknown[] };
  if ((matchExpressions ?? []).length > 0) return false;
  return Object.entries(matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}

/** The value at a path such as `spec.template.metadata`; nothing where a part of the way is missing. */
export function field(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (part, key) => (typeof part === "object" && part !== null ? (part as Plain)[key] : undefined),
      value,
    );
}

/** What one pod asks for: its containers and those that run beside them. */
export function requestsOf(pod: Plain | undefined): { cpu: number; memory: number } {
  const containers = [
    ...((pod?.containers ?? []) as Plain[]),
    ...((pod?.initContainers ?? []) as Plain[]).filter(({ restartPolicy }) => restartPolicy === "Always"),
  ];
  const sum = (name: string): number =>
    containers.reduce((total, container) => total + quantity(field(container, `resources.requests.${name}`)), 0);
  return { cpu: sum("cpu"), memory: sum("memory") };
}

function scales({ spec }: KubeObject, object: KubeObject): boolean {
  const target = field(spec, "scaleTargetRef") as { kind?: string; name?: string } | undefined;
  return target?.name === object.metadata.name && (target.kind ?? "Deployment") === object.kind;
}

/** Defaults are those of the kinds themselves. */
function bounds({ kind, spec }: KubeObject): { min: number; max: number } {
  return kind === "ScaledObject"
    ? { min: Number(field(spec, "minReplicaCount") ?? 0), max: Number(field(spec, "maxReplicaCount") ?? 100) }
    : { min: Number(field(spec, "minReplicas") ?? 1), max: Number(field(spec, "maxReplicas") ?? 1) };
}
