import { appObjects } from "../components/app/objects/app";
import type { AppModel } from "../components/app/model/types";
import type { SourcedDefinition, StackInput } from "../components/app/model/input";
import type { AutomaticPort } from "../components/app/model/port-requests";
import { resolveApps } from "../components/app/model/resolve";
import type { Release } from "../components/app/release";
import type { ClusterFacts } from "../components/cluster/facts";
import { embeddedFacts } from "../components/cluster/embedded";
import { knownFacts, knownRegistry } from "../components/cluster/known-facts";
import { errorsOf, PetrichorError, throwAll } from "../components/errors";
import { inRegistry } from "../components/release/registries";
import { closest } from "../components/input/suggest";
import type { KubeObject } from "../components/kube/object";
import type { PlatformSettings } from "../components/platform/engine";
import { gatewayProblems } from "../components/platform/check";
import { enginesNamed, type PlatformModel, renderPlatform } from "../components/platform/installed";
import { capabilitiesOf } from "../components/platform/objects";
import { inFile, loadStack } from "./project/environment";
import { appFiles, environmentNames, unknownStack } from "./project/files";
import { located } from "./project/located";
import { readWritten } from "./project/modules";
import { parseStackName, stackNames, type StackName } from "./project/name";
import { isPlaced, placedOn, placements } from "./project/placement";
import { type GivenPorts, givePorts, unallocated } from "./project/ports";
import { completesItself, readRelease } from "./project/release";
import type { Stack, StackCluster } from "./stack";

export { loadStack };

export interface ProjectInput {
  /** The project's folder. */
  readonly root: string;
  /** Name of a Pulumi stack, for example `local` or `dev.aws-eu`. */
  readonly stack: string;
  /** What the environment runs. Default: what its release file says. */
  readonly release?: Release;
}

/** An app with the objects that it comes to on a cluster. */
export interface RenderedApp {
  readonly model: AppModel;
  readonly objects: readonly KubeObject[];
}

/** Everything that one Pulumi stack is made from, checked and rendered: what the engine, `petrichor render`, tests and policies all use. */
export interface Project {
  readonly name: StackName;
  readonly stack: Stack;
  readonly cluster: { readonly name: string; readonly definition: StackCluster; readonly facts: ClusterFacts };
  readonly definitions: readonly SourcedDefinition[];
  readonly release: Release;
  /** Apps whose cluster was chosen just now: the release file doesn't say it yet. */
  readonly unrecorded: readonly string[];
  /** Addresses that were given a port just now: the release file doesn't say it yet. */
  readonly fresh: readonly AutomaticPort[];
  /** The engines of the cluster. */
  readonly platform: PlatformModel;
  readonly apps: readonly RenderedApp[];
}

/** What one Pulumi stack is made from, as it was read: the stack is checked, the fields of its apps are not yet. */
export type ProjectFiles = Omit<Project, "platform" | "apps">;

/**
 * Reads the stack, its release and the apps placed on it. It reads files only.
 * @throws PetrichorErrors with everything that is wrong about the stack and where its apps run
 */
export function readProject({ root, stack: fullName, release: given }: ProjectInput): ProjectFiles {
  const name = parseStackName(fullName);
  const stack = loadStack(root, name.environment);
  const wholeRelease = given ?? readRelease(root, stack);
  const cluster = clusterOf(stack, name, fullName, wholeRelease);
  const allDefinitions = loadApps(root);
  const placed = located(root, () => placements(allDefinitions, stack, wholeRelease));
  located(root, () => {
    throwAll(inFile(placed.errors, name.environment));
  });
  const definitions = placedOn(allDefinitions, placed, cluster.name);
  const ports = located(root, () => portsFor(allDefinitions.filter(isPlaced(placed)), stack, wholeRelease));
  const release = inRegistry(ports.release, registriesOf(stack, wholeRelease), cluster.facts.registry);
  return { name, stack, cluster, definitions, release, unrecorded: placed.unrecorded, fresh: ports.fresh };
}

/**
 * The release with a port for everyone. On this machine's own clusters it is completed: `up` writes down what is found here.
 * @throws PetrichorErrors PORT_UNALLOCATED elsewhere, where the file is reviewed
 */
function portsFor(definitions: readonly SourcedDefinition[], stack: Stack, release: Release): GivenPorts {
  const given = givePorts(definitions, stack, release);
  if (!completesItself(stack)) throwAll(given.fresh.map((one) => unallocated(one, stack)));
  return given;
}

/** What resolving apps needs to know of a stack. */
export function stackInput(stack: Stack): StackInput {
  const capabilities = capabilitiesOf(enginesNamed(stack.engines));
  return { ...stack, capabilities, floor: stack.scaling.floor, builds: completesItself(stack) };
}

/**
 * Reads the stack, its release and the apps placed on it, checks them all and renders the objects. It reads files only.
 * @throws PetrichorErrors with everything that is wrong, each with file, line and field
 */
export function loadProject(input: ProjectInput): Project {
  const read = readProject(input);
  const { stack, cluster, definitions, release } = read;
  const settings = platformSettings(stack, cluster.name);
  const { capabilities = {} } = stackInput(stack);
  const releasedIn = (app: string, workload: string): string | undefined =>
    otherRelease(input.root, stack.environment, app, workload);
  const models = located(input.root, () => {
    const apps = resolveApps({ definitions, stack: { ...stackInput(stack), releasedIn }, release });
    throwAll(gatewayProblems(apps, { facts: cluster.facts, settings, capabilities }));
    return apps;
  });
  const platform = renderPlatform({
    ids: stack.engines,
    provided: stack.provided,
    facts: cluster.facts,
    settings,
    embedded: cluster.definition.kind === "embedded",
  });
  const apps = models.map((model) => ({
    model,
    objects: [...appObjects(model, cluster.facts, platform.capabilities), ...platform.objectsOf(model)],
  }));
  return { ...read, platform, apps };
}

/** Another environment whose release has an image of a workload. One whose files are broken has none. */
function otherRelease(root: string, environment: string, app: string, workload: string): string | undefined {
  const others = environmentNames(root).filter((name) => name !== environment);
  return others.find((name) => {
    try {
      return readRelease(root, loadStack(root, name)).apps[app]?.[workload] !== undefined;
    } catch (error) {
      errorsOf(error);
      return false;
    }
  });
}

/** What of a stack the engines of one of its clusters know. */
export function platformSettings(stack: Stack, cluster: string): PlatformSettings {
  const { domain, environment, certificates } = stack;
  return { domain, owner: `${environment}-${cluster}`, ...(certificates === undefined ? {} : { certificates }) };
}

/**
 * Reads every app of the project; their fields are checked when they are resolved for a stack.
 * @throws PetrichorError APP_FILE_BROKEN, several at once as PetrichorErrors
 */
export function loadApps(root: string): SourcedDefinition[] {
  const errors: PetrichorError[] = [];
  const definitions = appFiles(root).flatMap((file) => {
    try {
      return [{ file, definition: readWritten(root, file, "APP_FILE_BROKEN") }];
    } catch (error) {
      if (!(error instanceof PetrichorError)) throw error;
      errors.push(error);
      return [];
    }
  });
  throwAll(errors);
  return definitions;
}

/**
 * Checks that nothing was decided on the way: all of it stands in files that were reviewed.
 * @throws PetrichorError PORT_UNALLOCATED, RELEASE_FROZEN
 */
export function requireFrozen({ stack, unrecorded, fresh }: Project): void {
  throwAll(fresh.map((one) => unallocated(one, stack)));
  if (unrecorded.length === 0) return;
  throw new PetrichorError(
    "RELEASE_FROZEN",
    `the release file doesn't say on which cluster ${unrecorded.join(", ")} runs.`,
    `Run \`petrichor lock ${stack.environment}\`, have the file reviewed, then try again.`,
    { stack: stack.environment },
  );
}

/**
 * One app of a project.
 * @throws PetrichorError APP_UNKNOWN
 */
export function requireApp(project: Project, name: string): RenderedApp {
  const found = project.apps.find(({ model }) => model.name === name);
  if (found !== undefined) return found;
  const known = project.apps.map(({ model }) => model.name);
  const meant = closest(name, known);
  throw new PetrichorError(
    "APP_UNKNOWN",
    `no app "${name}" is placed here.${meant === undefined ? "" : ` Did you mean "${meant}"?`}`,
    `Take one of: ${known.join(", ")}.`,
  );
}

function clusterOf(stack: Stack, name: StackName, fullName: string, release: Release): Project["cluster"] {
  const known = stackNames(stack, name.layer);
  const index = known.indexOf(fullName);
  const found = Object.entries(stack.clusters)[index];
  if (found === undefined) throw unknownStack(fullName, known);
  const [clusterName, definition] = found;
  return { name: clusterName, definition, facts: factsOf(stack.environment, clusterName, definition, release) };
}

/** Registries of an environment's clusters, in the order of the stack file. An image in one of them is the same in all. */
export function registriesOf(stack: Stack, release: Release): string[] {
  const registries = Object.entries(stack.clusters).flatMap(
    ([name, definition]) => registryOf(stack, name, definition, release) ?? [],
  );
  return [...new Set(registries)];
}

/** The registry of one cluster; nothing where it isn't declared and was never locked. */
export function registryOf(
  { environment }: Stack,
  cluster: string,
  definition: StackCluster,
  release: Release,
): string | undefined {
  if (definition.kind === "embedded") return embeddedFacts.registry;
  return knownRegistry({ environment, cluster, definition, ...lockedFacts(release, cluster) });
}

function lockedFacts({ facts }: Release, cluster: string): { locked?: Release["facts"][string] } {
  const locked = facts[cluster];
  return locked === undefined ? {} : { locked };
}

function factsOf(environment: string, cluster: string, definition: StackCluster, release: Release): ClusterFacts {
  if (definition.kind === "embedded") return embeddedFacts;
  return knownFacts({ environment, cluster, definition, ...lockedFacts(release, cluster) });
}
