import { PetrichorError } from "../../components/errors";
import { resourceName, resourceType } from "../../components/deploy/resource";
import { keys } from "../../components/kube/labels";
import { isDefinition } from "../../components/platform/definitions";
import { objectKey, type KubeObject } from "../../components/kube/object";
import type { EngineStack, StackState } from "../engine/session";
import type { Kubectl, NamedObject } from "../kubectl";

/** Label that says whose an object is. */
const owner = { label: "app.kubernetes.io/managed-by", value: "petrichor" };

export interface AdoptOptions {
  readonly engine: EngineStack;
  /** The state of the stack. */
  readonly state: StackState;
  readonly kubectl: Kubectl;
  /** What the stack wants. */
  readonly objects: readonly KubeObject[];
  /** Whether objects of ours that the stack's state doesn't know may be taken over. */
  readonly adopt: boolean;
}

/**
 * Finds objects that exist on the cluster although the stack's state doesn't know them, and returns whether the engine may take them over.
 * Taken over without being asked is only what is surely this stack's: what a killed run was making, and what was left to stay: data, and definitions
 * of engines.
 * Nothing without our ownership label is ever taken over.
 *
 * @throws PetrichorError OBJECT_EXISTS
 */
export async function settleExisting({ engine, state, kubectl, objects, adopt }: AdoptOptions): Promise<boolean> {
  const interrupted = interruptedCreations(state);
  if (interrupted.size > 0) await engine.importState(withoutCreations(state));
  const known = new Set((state.deployment.resources ?? []).map(({ urn }) => identityInUrn(urn)));
  const unknown = objects.filter((object) => !known.has(identity(object)));
  if (unknown.length === 0) return false;
  const existing = await existingOf(kubectl, unknown);
  for (const [object, found] of existing) {
    if (found.labels[owner.label] !== owner.value) throw foreign(object);
    const surelyOurs = interrupted.has(identity(object)) || wasLeft(object, found);
    if (!surelyOurs && !adopt) throw unknownToState(object);
  }
  return existing.size > 0;
}

/** Whether an object that exists is what this stack left to stay, and not what another one uses. */
function wasLeft({ metadata: { annotations, labels } }: KubeObject, found: NamedObject): boolean {
  return annotations?.[keys.keep] === "true" && labels?.[keys.stack] === found.labels[keys.stack];
}

/** Objects of the list that exist, with what the cluster says of them. */
async function existingOf(kubectl: Kubectl, objects: readonly KubeObject[]): Promise<Map<KubeObject, NamedObject>> {
  const kinds = [...new Set(objects.map(kindName))];
  const lists = await Promise.all(kinds.map(async (kind) => [kind, await kubectl.namesOfKind(kind)] as const));
  const existing = new Map(
    lists.flatMap(([kind, list]) => list.map((one) => [`${kind} ${placeOf(one)}`, one] as const)),
  );
  return new Map(
    objects.flatMap((object) => {
      const one = existing.get(`${kindName(object)} ${placeOf(object.metadata)}`);
      return one === undefined ? [] : [[object, one] as const];
    }),
  );
}

/** `Deployment.v1.apps` as `kubectl` takes it: kind, version and group. */
function kindName({ apiVersion, kind }: KubeObject): string {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  return `${kind}.${version ?? ""}.${group ?? ""}`;
}

function placeOf({ name, namespace }: { readonly name: string; readonly namespace?: string }): string {
  return `${namespace ?? ""}/${name}`;
}

function identity(object: KubeObject): string {
  return `${resourceType(object.apiVersion, object.kind)}::${resourceName(object)}`;
}

function identityInUrn(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split("$").at(-1) ?? ""}::${name.join("::")}`;
}

function interruptedCreations({ deployment }: StackState): ReadonlySet<string> {
  const pending = deployment.pending_operations ?? [];
  return new Set(pending.filter(isCreation).map(({ resource }) => identityInUrn(resource.urn)));
}

function withoutCreations(state: StackState): StackState {
  const pending = state.deployment.pending_operations ?? [];
  return {
    ...state,
    deployment: { ...state.deployment, pending_operations: pending.filter((one) => !isCreation(one)) },
  };
}

/** Creations of Kubernetes objects: their names are known, so the cluster can be asked what came of them. */
function isCreation({
  type,
  resource,
}: {
  readonly type: string;
  readonly resource: { readonly type: string };
}): boolean {
  return type === "creating" && resource.type.startsWith("kubernetes:");
}

function foreign(object: KubeObject): PetrichorError {
  return new PetrichorError(
    "OBJECT_EXISTS",
    `${objectKey(object)} exists on the cluster and is not Petrichor's: it lacks the label ${owner.label}=${owner.value}.`,
    isDefinition(object)
      ? `Let the stack leave "${object.metadata.labels?.[keys.engine] ?? ""}" to whoever runs it (\`provided\`), or delete the definition.`
      : "Give the app another name, or delete the object.",
  );
}

function unknownToState(object: KubeObject): PetrichorError {
  return new PetrichorError(
    "OBJECT_EXISTS",
    `${objectKey(object)} exists on the cluster, but the stack's state doesn't know it.`,
    "If the state was lost, take the objects over with `petrichor up --adopt`; else another stack manages them.",
  );
}
