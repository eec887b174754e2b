import type { KubeObject, Server } from "../cluster";
import { Engine, type Outcome, type StateResource, type Tools } from "../engine";
import type { Version } from "./programs";

export interface Run {
  readonly versions: readonly Version[];
  /** A preview of the program that was just deployed. */
  readonly preview: Outcome;
  readonly refresh: Outcome;
  /** The objects of the last version as the server had them. */
  readonly objects: readonly KubeObject[];
  readonly destroy: Outcome;
  /** Those of the last version that the server still has. */
  readonly left: readonly KubeObject[];
}

const resources = [
  ...["namespaces", "pods", "services", "configmaps", "secrets", "serviceaccounts", "persistentvolumeclaims"],
  ...["deployments.apps", "statefulsets.apps", "jobs.batch"],
  ...["roles", "rolebindings", "clusterroles", "clusterrolebindings"].map(
    (plural) => `${plural}.rbac.authorization.k8s.io`,
  ),
  "customresourcedefinitions.apiextensions.k8s.io",
];

/** Deploys a program version by version, previews and refreshes the last one, and takes it away. */
export async function runProgram(
  tools: Tools,
  server: Server,
  folders: readonly string[],
  config: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const engine = new Engine(tools, { KUBECONFIG: server.kubeconfig });
  try {
    const versions: Version[] = [];
    for (const folder of folders) {
      engine.load(folder);
      if (versions.length === 0) await prepare(engine, config);
      const outcome = await engine.pulumi(["up", "--yes", "--skip-preview"]);
      versions.push({ outcome, resources: engine.resources(), state: engine.state(), checkpoint: engine.checkpoint() });
    }
    const preview = await engine.pulumi(["preview", "--expect-no-changes"]);
    const refresh = await engine.pulumi(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
    const state = engine.resources();
    const uids = uidsOf(state);
    const known = async (...more: readonly string[]): Promise<readonly KubeObject[]> =>
      (await server.list([...resources, ...more])).filter(({ metadata }) => uids.has(metadata.uid));
    const objects = await known(...definedIn(state));
    const destroy = await engine.destroy();
    // A definition goes only after the objects of its kind.
    return { versions, preview, refresh, objects, destroy, left: await known() };
  } finally {
    engine.remove();
  }
}

async function prepare(engine: Engine, config: Readonly<Record<string, string>>): Promise<void> {
  await engine.create();
  for (const [key, value] of Object.entries(config)) {
    const { code, output } = await engine.pulumi(["config", "set", key, value], { events: false });
    if (code !== 0) throw new Error(output);
  }
}

/** The resources that the definitions among these define. */
function definedIn(state: readonly StateResource[]): readonly string[] {
  return state
    .filter(({ type }) => type.endsWith(":CustomResourceDefinition"))
    .map(({ outputs }) => (outputs?.["metadata"] as { name: string }).name);
}

function uidsOf(state: readonly StateResource[]): ReadonlySet<string> {
  const uids = state.map(({ outputs }) => (outputs?.["metadata"] as { uid?: string } | undefined)?.uid);
  return new Set(uids.filter((uid) => uid !== undefined));
}
