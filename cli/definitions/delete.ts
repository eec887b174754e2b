import type { Kubectl } from "../kubectl";
import type { Progress } from "../progress";
import type { Definition } from "./kept";

/** Longest time that others may take to let go of custom resources by themselves. */
const courtesy = "10s";
/** Longest time that the API server may take to delete what nothing holds any more. */
const patience = "120s";

interface CustomResource {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly finalizers?: readonly string[];
  };
}

/**
 * Deletes definitions with everything of their kinds. What still has finalizers after a while keeps them for an engine that is gone: they
 * are taken off, since nothing else would end the deletion.
 */
export async function deleteDefinitions(
  kubectl: Kubectl,
  definitions: readonly Pick<Definition, "name">[],
  progress: Progress,
): Promise<void> {
  for (const { name } of definitions) {
    const step = progress.step(`deleting CustomResourceDefinition ${name}`);
    const definition = `customresourcedefinition/${name}`;
    await kubectl.text("delete", definition, "--ignore-not-found", "--wait=false");
    if (!(await isGone(kubectl, definition, courtesy))) {
      await releaseResources(kubectl, name);
      await kubectl.text("wait", "--for=delete", definition, "--timeout", patience);
    }
    step.done();
  }
}

async function isGone(kubectl: Kubectl, object: string, within: string): Promise<boolean> {
  return kubectl.text("wait", "--for=delete", object, "--timeout", within).then(
    () => true,
    () => false,
  );
}

/** Takes the finalizers off every custom resource of a kind. */
async function releaseResources(kubectl: Kubectl, definition: string): Promise<void> {
  const { items } = await kubectl.json<{ items: CustomResource[] }>("get", definition, "--all-namespaces");
  const patch = ["--type", "merge", "--patch", JSON.stringify({ metadata: { finalizers: null } })];
  for (const { metadata } of items.filter(({ metadata: { finalizers = [] } }) => finalizers.length > 0)) {
    const place = metadata.namespace === undefined ? [] : ["--namespace", metadata.namespace];
    await kubectl.text("patch", definition, metadata.name, ...place, ...patch);
  }
}
