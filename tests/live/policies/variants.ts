import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import { type KubeObject, objectKey } from "../../../components/kube/object";
import { kinds } from "../../../policies/kinds";
import { podOf, withContainers, withPod } from "../../../policies/pods";
import { isServed } from "./server";

type Plain = Readonly<Record<string, unknown>>;

/** A golden object with one change in it. */
export interface Variant {
  /** `apps/v1/Deployment shop/web: spec.replicas is gone` */
  readonly name: string;
  readonly object: KubeObject;
}

const folder = path.resolve(__dirname, "../../golden/apps");
const judged = new Set(Object.values(kinds).map(({ kind }) => kind as string));
/** Without these a request is for another place, or for none. */
const fixed = new Set(["apiVersion", "kind", "metadata", "metadata.name", "metadata.namespace"]);

/**
 * Objects that rendering came to, each with one field gone, emptied or another, or with something bad put in; evenly chosen from all that
 * there are.
 */
export function variants(count: number): readonly Variant[] {
  const all = goldenObjects().flatMap((object) => [...changedFields(object), ...badPods(object)]);
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, index) => all[Math.floor(index * step)]).filter(
    (one) => one !== undefined,
  );
}

/** Every different object of the golden files that some rule looks at and the API server has a place for, in one namespace. */
function goldenObjects(): readonly KubeObject[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yaml"));
  const objects = files
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(path.join(folder, file), "utf8")))
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null && judged.has(object.kind) && isServed(object))
    .map((object) => inNamespace(object as KubeObject));
  return [...new Map(objects.map((object) => [JSON.stringify(object), object])).values()];
}

function inNamespace(object: KubeObject): KubeObject {
  const { namespace, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace: "shop" }) } };
}

function changedFields(object: KubeObject): Variant[] {
  return placesIn(object, []).flatMap(({ at, value }) => [
    { name: `${objectKey(object)}: ${at.join(".")} is gone`, object: withChange(object, at, undefined) },
    ...othersOf(value).map((other) => ({
      name: `${objectKey(object)}: ${at.join(".")} is ${JSON.stringify(other)}`,
      object: withChange(object, at, other),
    })),
  ]);
}

function placesIn(value: unknown, at: readonly string[]): { at: readonly string[]; value: unknown }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const here = [...at, key];
    const place = fixed.has(here.join(".")) ? [] : [{ at: here, value: child as unknown }];
    return [...place, ...placesIn(child, here)];
  });
}

/** Other values of the same type. */
function othersOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return [[]];
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number") return [0, value + 1];
  if (typeof value === "string") return ["", `${value}x`];
  return [{}];
}

function withChange<T>(value: T, [key = "", ...rest]: readonly string[], by: unknown): T {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) =>
      String(index) !== key ? item : rest.length === 0 ? by : withChange(item, rest, by),
    );
    return items.filter((item) => item !== undefined) as T;
  }
  const child = (value as Plain)[key];
  return { ...value, [key]: rest.length === 0 ? by : withChange(child, rest, by) };
}

const badInPod: readonly Plain[] = [
  { hostNetwork: true },
  { hostPID: true },
  { securityContext: {} },
  { securityContext: { runAsUser: 0 } },
  { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } },
  { automountServiceAccountToken: true, serviceAccountName: "default" },
  { terminationGracePeriodSeconds: 0 },
  { volumes: [{ name: "it", hostPath: { path: "/" } }] },
  { volumes: [{ name: "it", nfs: { server: "nfs.example.com", path: "/" } }] },
  { volumes: [{ name: "it", emptyDir: {} }] },
  { initContainers: [{ name: "first", image: "busybox" }] },
];
const badInContainers: readonly Plain[] = [
  { image: "nginx:latest" },
  { image: "docker.io/library/nginx" },
  { securityContext: { privileged: true } },
  { securityContext: { capabilities: { add: ["SYS_ADMIN"], drop: ["ALL"] } } },
  { securityContext: { runAsNonRoot: false } },
  { securityContext: { seccompProfile: { type: "Unconfined" } } },
  { securityContext: { appArmorProfile: { type: "Unconfined" } } },
  { securityContext: { seLinuxOptions: { role: "system_r" } } },
  { env: [{ name: "DB_PASSWORD", value: "x" }] },
  { resources: {} },
  { livenessProbe: { httpGet: { port: 80, host: "example.com" } } },
];

function badPods(object: KubeObject): Variant[] {
  if (podOf(object) === undefined) return [];
  const named = (what: Plain, changed: KubeObject): Variant => ({
    name: `${objectKey(object)}: ${JSON.stringify(what)}`,
    object: changed,
  });
  return [
    ...badInPod.map((bad) =>
      named(
        bad,
        withPod(object, (pod) => ({ ...pod, ...bad })),
      ),
    ),
    ...badInContainers.map((bad) =>
      named(
        bad,
        withContainers(object, (container) => ({ ...container, ...bad })),
      ),
    ),
  ];
}
