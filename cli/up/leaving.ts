import { PetrichorError, throwAll } from "../../components/errors";
import { keys } from "../../components/kube/labels";
import type { Project } from "../../stacks/project";
import type { ResourceState, StackState } from "../engine/session";
import type { Kubectl } from "../kubectl";

/** Most objects that one message names. */
const named = 5;

/** Kind, namespace and name of an object, and what tells whose it is. */
interface Known {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly unknown[];
  };
}

/**
 * Checks that an engine which is no longer in the stack leaves nobody behind: custom resources that other hands made would stay, and nothing would act
 * on them any more.
 * @throws PetrichorErrors ENGINE_NEEDED, one for each such engine
 */
export async function requireNotNeeded(
  { platform, stack }: Pick<Project, "platform" | "stack">,
  state: StackState,
  kubectl: Kubectl,
): Promise<void> {
  const known = (state.deployment.resources ?? []).flatMap(objectIn);
  const leaving = definitionsOf(
    known,
    platform.engines.map(({ engine }) => engine.id),
  );
  const ours = new Set(known.map(titleOf));
  const needed = await Promise.all(
    [...leaving].map(async ([engine, definitions]) => {
      const titles = (await ofOthers(kubectl, definitions)).map(titleOf).filter((title) => !ours.has(title));
      return titles.length === 0 ? [] : [error(stack.environment, engine, titles)];
    }),
  );
  throwAll(needed.flat());
}

/** The object of a cluster that a resource of the state is; nothing for any other resource. */
function objectIn({ type, inputs }: ResourceState): Known[] {
  return type.startsWith("kubernetes:") && inputs?.["metadata"] !== undefined ? [inputs as unknown as Known] : [];
}

/** Engine → names of the definitions that it brought; those that stay left out. */
function definitionsOf(known: readonly Known[], staying: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { kind, metadata } of known) {
    const engine = metadata.labels?.[keys.engine];
    if (kind !== "CustomResourceDefinition" || engine === undefined || staying.includes(engine)) continue;
    found.set(engine, [...(found.get(engine) ?? []), metadata.name]);
  }
  return found;
}

/** Custom resources of some kinds that are neither an app's nor made by another object. */
async function ofOthers(kubectl: Kubectl, definitions: readonly string[]): Promise<Known[]> {
  const list = ["get", definitions.join(","), "--all-namespaces"];
  const { items } = await kubectl.json<{ items: Known[] }>(...list);
  return items
    .filter(({ metadata: { labels = {} } }) => labels["app.kubernetes.io/managed-by"] !== "petrichor")
    .filter(({ metadata: { ownerReferences = [] } }) => ownerReferences.length === 0);
}

/** `ScaledObject shop/web`. */
function titleOf({ kind, metadata: { namespace, name } }: Known): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

function error(stack: string, engine: string, objects: readonly string[]): PetrichorError {
  const more = objects.length > named ? ` and ${objects.length - named} more` : "";
  return new PetrichorError(
    "ENGINE_NEEDED",
    `the engine "${engine}" is not in the stack any more, and what others made needs it: ${objects.slice(0, named).join(", ")}${more}.`,
    `Keep "${engine}" in the engines of the stack, or delete these objects first.`,
    { stack },
  );
}
