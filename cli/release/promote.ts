import { PetrichorError, PetrichorErrors, throwAll } from "../../components/errors";
import type { SourcedDefinition } from "../../components/app/model/input";
import type { ReleaseChange } from "../../components/release/changes";
import { planPromotion, type Promotion } from "../../components/release/promotion";
import type { Release } from "../../components/app/release";
import { loadApps, loadProject, registriesOf, registryOf } from "../../stacks/project";
import { nameOf, workloadNamesOf } from "../../stacks/project/placement";
import type { Stack, StackCluster } from "../../stacks/stack";
import { type Target, targets } from "../clusters";
import type { Progress } from "../progress";
import { policyErrors } from "./policies";
import { copyImages, type RegistryAddress, registryAddress } from "./registry";
import { runningImages } from "./running";
import { ReleaseStore } from "./store";

export interface PromoteOptions {
  /** The project's folder. */
  readonly root: string;
  /** Environment that proved the digests. */
  readonly from: string;
  /** Environment that gets them. */
  readonly to: string;
  /** Apps to promote. Default: all. */
  readonly apps?: readonly string[];
  /** Show what would change, change nothing. Default: false. */
  readonly dryRun?: boolean;
  readonly progress: Progress;
}

export interface PromoteResult {
  readonly changes: readonly ReleaseChange[];
  /** The release file that was written; absent where nothing was. */
  readonly file?: string;
}

/**
 * Moves digests from one environment to the next: checks that the first runs them well, that the second would render with them and break no
 * rule, brings the images to its registries, and writes its release file for review.
 *
 * @throws PetrichorError with everything that speaks against it; nothing is written then
 */
export async function promoteRelease(options: PromoteOptions): Promise<PromoteResult> {
  const [from, to] = [targets(options.from), targets(options.to)];
  const [source, target] = [stackOf(from), stackOf(to)];
  const fromStore = new ReleaseStore(options.root, source);
  const toStore = new ReleaseStore(options.root, target);
  const running = await runningImages(from);
  let changes: readonly ReleaseChange[] = [];
  const written = await toStore.change(commandOf(options), async (current) => {
    const plan = planned({
      from: {
        environment: source.environment,
        release: described(loadApps(options.root), fromStore.read()),
        running,
        registries: registriesOf(source, fromStore.read()),
      },
      to: { environment: target.environment, release: current, registry: registryOfFirst(to, current) },
      ...(options.apps === undefined ? {} : { apps: options.apps }),
    });
    ({ changes } = plan);
    if (changes.length === 0) return undefined;
    await checkTarget(to, plan.release, options);
    if (options.dryRun === true) return undefined;
    await bringImages(plan, from, to, fromStore.read(), current, options.progress);
    return plan.release;
  });
  return { changes, ...(written ? { file: toStore.file } : {}) };
}

/** A release without what no file describes any more: it stays in the history of where it ran, and goes nowhere else. */
export function described(definitions: readonly SourcedDefinition[], release: Release): Release {
  const known = new Map(definitions.map((app) => [nameOf(app), workloadNamesOf(app)]));
  const apps = Object.entries(release.apps).flatMap(([app, workloads]) => {
    const kept = Object.entries(workloads).filter(([workload]) => known.get(app)?.includes(workload) ?? false);
    return kept.length === 0 ? [] : [[app, Object.fromEntries(kept)] as const];
  });
  return { ...release, apps: Object.fromEntries(apps) };
}

function planned(input: Parameters<typeof planPromotion>[0]): Promotion {
  const plan = planPromotion(input);
  if ("release" in plan) return plan;
  throwAll(plan);
  throw new PetrichorErrors(plan);
}

/** Renders and judges every cluster of the target with the release that it would get: what would be refused tomorrow is refused today. */
async function checkTarget(to: readonly Target[], release: Release, { root, progress }: PromoteOptions): Promise<void> {
  const projects = to.map(({ stackName }) => loadProject({ root, stack: stackName, release }));
  throwAll(await policyErrors(projects, progress));
}

async function bringImages(
  { images }: Promotion,
  from: readonly Target[],
  to: readonly Target[],
  fromRelease: Release,
  toRelease: Release,
  progress: Progress,
): Promise<void> {
  const [source] = await addresses(from, fromRelease);
  if (source === undefined) return;
  for (const target of await addresses(to, toRelease)) await copyImages(images, source, target, progress);
}

/** The registry that a release file names images in. */
function registryOfFirst([first]: readonly Target[], release: Release): string {
  if (first === undefined) throw new RangeError("an environment has a cluster");
  return requireRegistry(first.stack, first.name, first.cluster, release);
}

/** The registry of every cluster of an environment. */
async function addresses(clusters: readonly Target[], release: Release): Promise<RegistryAddress[]> {
  return Promise.all(
    clusters.map(({ stack, cluster, name }) =>
      registryAddress(cluster, requireRegistry(stack, name, cluster, release)),
    ),
  );
}

function requireRegistry(stack: Stack, name: string, cluster: StackCluster, release: Release): string {
  const registry = registryOf(stack, name, cluster, release);
  if (registry !== undefined) return registry;
  throw new PetrichorError(
    "CLUSTER_FACTS_UNKNOWN",
    `nothing says the registry of cluster "${name}".`,
    "Declare `facts.registry` in the stack file.",
    { stack: stack.environment, field: `clusters.${name}.facts.registry` },
  );
}

function stackOf(of: readonly Target[]): Stack {
  const [first] = of;
  if (first === undefined) throw new RangeError("an environment has a cluster");
  return first.stack;
}

function commandOf({ from, to, apps = [] }: PromoteOptions): string {
  return ["petrichor promote", from, to, ...apps.map((app) => `--app ${app}`)].join(" ");
}
