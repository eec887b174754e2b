import { objectKey, type KubeObject } from "../kube/object";

/** Object → objects that it comes after, by `objectKey`. */
export type Sequence = ReadonlyMap<string, readonly string[]>;

type Json = Readonly<Record<string, unknown>>;

/** Kinds that must stand before the first pod of their namespace starts, because they judge or shape pods as they are made. */
const guards = new Set(["LimitRange", "ResourceQuota", "NetworkPolicy", "Role", "RoleBinding"]);

/**
 * Which objects each object has to wait for, by `objectKey`: its CustomResourceDefinition, its Namespace, whatever it names
 * (ServiceAccount, ConfigMap, Secret, volume claim, role), and for pods the guards of their namespace. Objects that have nothing to do with each other
 * don't wait for each other. Only objects of the list count: what is missing from it is taken to exist already. `after` adds what the
 * objects themselves don't say: object → those it comes after, all by `objectKey`.
 */
export function dependencies(
  objects: readonly KubeObject[],
  after: Sequence = new Map(),
): ReadonlyMap<string, readonly KubeObject[]> {
  const index = new ObjectIndex(objects);
  const byKey = new Map(objects.map((object) => [objectKey(object), object]));
  return new Map(
    objects.map((object) => {
      const told = (after.get(objectKey(object)) ?? []).map((key) => byKey.get(key));
      const found = [
        ...definitionsOf(object, index),
        ...namespaceOf(object, index),
        ...referencesOf(object, index),
        ...present(told),
      ];
      return [objectKey(object), [...new Set(found)].filter((other) => other !== object)];
    }),
  );
}

/** Puts every object behind those it depends on; objects without an order between them keep the order they came in. */
export function inOrder(objects: readonly KubeObject[], after: Sequence = new Map()): KubeObject[] {
  const needs = dependencies(objects, after);
  const ordered = new Set<KubeObject>();
  const visit = (object: KubeObject, path: readonly KubeObject[]): void => {
    if (ordered.has(object)) return;
    if (path.includes(object)) {
      throw new Error(`objects depend on each other: ${[...path, object].map(objectKey).join(" → ")}`);
    }
    for (const other of needs.get(objectKey(object)) ?? []) visit(other, [...path, object]);
    ordered.add(object);
  };
  for (const object of objects) visit(object, []);
  return [...ordered];
}

class ObjectIndex {
  readonly #byName = new Map<string, KubeObject>();
  readonly #definitions = new Map<string, KubeObject>();
  readonly #guards = new Map<string, KubeObject[]>();

  constructor(objects: readonly KubeObject[]) {
    for (const object of objects) {
      const { name, namespace } = object.metadata;
      this.#byName.set(`${object.kind} ${namespace ?? ""}/${name}`, object);
      if (object.kind === "CustomResourceDefinition") this.#definitions.set(definedKind(object), object);
      if (guards.has(object.kind) && namespace !== undefined) {
        this.#guards.set(namespace, [...(this.#guards.get(namespace) ?? []), object]);
      }
    }
  }

  named(kind: string, name: string, namespace?: string): KubeObject | undefined {
    return this.#byName.get(`${kind} ${namespace ?? ""}/${name}`);
  }

  definitionOf(groupKind: string): KubeObject | undefined {
    return this.#definitions.get(groupKind);
  }

  guardsOf(namespace: string): readonly KubeObject[] {
    return this.#guards.get(namespace) ?? [];
  }
}

function definitionsOf(object: KubeObject, index: ObjectIndex): KubeObject[] {
  const group = object.apiVersion.split("/").slice(0, -1).join("/");
  return present([index.definitionOf(`${group}/${object.kind}`)]);
}

function namespaceOf(object: KubeObject, index: ObjectIndex): KubeObject[] {
  const { namespace } = object.metadata;
  return namespace === undefined ? [] : present([index.named("Namespace", namespace)]);
}

function referencesOf(object: KubeObject, index: ObjectIndex): KubeObject[] {
  const { namespace } = object.metadata;
  const pod = podSpec(object);
  if (pod !== undefined) {
    const named = podReferences(pod).map(([kind, name]) =>
      index.named(kind, name, namespaced(kind) ? namespace : undefined),
    );
    return [...present(named), ...(namespace === undefined ? [] : index.guardsOf(namespace))];
  }
  if (object.kind === "APIService") return servedBy(object, index);
  if (object.kind === "RoleBinding" || object.kind === "ClusterRoleBinding") return bindingReferences(object, index);
  return [];
}

/**
 * An APIService whose server is gone keeps every namespace from being deleted, since nobody knows what is in it any more: the registration
 * goes first, and comes last.
 */
function servedBy(object: KubeObject, index: ObjectIndex): KubeObject[] {
  const service = asJson(asJson(object.spec)?.service);
  return present([index.named("Service", asText(service?.name) ?? "", asText(service?.namespace))]);
}

function bindingReferences(object: KubeObject, index: ObjectIndex): KubeObject[] {
  const role = asJson(object.roleRef);
  const roleKind = asText(role?.kind) ?? "";
  const subjects = asList(object.subjects).map((subject) =>
    index.named(
      asText(subject.kind) ?? "",
      asText(subject.name) ?? "",
      asText(subject.namespace) ?? object.metadata.namespace,
    ),
  );
  const bound = index.named(
    roleKind,
    asText(role?.name) ?? "",
    roleKind === "Role" ? object.metadata.namespace : undefined,
  );
  return present([bound, ...subjects]);
}

/** The pod that an object makes, wherever its kind keeps it. */
function podSpec(object: KubeObject): Json | undefined {
  if (object.kind === "Pod") return asJson(object.spec);
  const spec = asJson(object.spec);
  const job = asJson(asJson(spec?.jobTemplate)?.spec);
  return asJson(asJson((job ?? spec)?.template)?.spec);
}

/** Kind and name of everything a pod can't start without. */
function podReferences(pod: Json): [kind: string, name: string][] {
  const found: [string, unknown][] = [
    ["ServiceAccount", pod.serviceAccountName],
    ["PriorityClass", pod.priorityClassName],
    ["RuntimeClass", pod.runtimeClassName],
    ...asList(pod.imagePullSecrets).map((secret): [string, unknown] => ["Secret", secret.name]),
  ];
  for (const volume of asList(pod.volumes)) found.push(...volumeReferences(volume));
  for (const container of [...asList(pod.initContainers), ...asList(pod.containers)]) {
    for (const source of asList(container.envFrom)) {
      found.push(["ConfigMap", asJson(source.configMapRef)?.name], ["Secret", asJson(source.secretRef)?.name]);
    }
    for (const variable of asList(container.env)) {
      const from = asJson(variable.valueFrom);
      found.push(["ConfigMap", asJson(from?.configMapKeyRef)?.name], ["Secret", asJson(from?.secretKeyRef)?.name]);
    }
  }
  return found.filter((entry): entry is [string, string] => typeof entry[1] === "string");
}

function volumeReferences(volume: Json): [string, unknown][] {
  const projected = asList(asJson(volume.projected)?.sources);
  return [
    ["ConfigMap", asJson(volume.configMap)?.name],
    ["Secret", asJson(volume.secret)?.secretName],
    ["PersistentVolumeClaim", asJson(volume.persistentVolumeClaim)?.claimName],
    ...projected.flatMap((source): [string, unknown][] => [
      ["ConfigMap", asJson(source.configMap)?.name],
      ["Secret", asJson(source.secret)?.name],
    ]),
  ];
}

function namespaced(kind: string): boolean {
  return kind !== "PriorityClass" && kind !== "RuntimeClass";
}

function definedKind(definition: KubeObject): string {
  const spec = asJson(definition.spec);
  return `${asText(spec?.group) ?? ""}/${asText(asJson(spec?.names)?.kind) ?? ""}`;
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}

function asJson(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function asList(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
