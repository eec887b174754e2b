import { PetrichorError, PetrichorErrors, throwAll } from "../../components/errors";
import { loadApps, loadProject, type Project, requireFrozen } from "../../stacks/project";
import { placedOn, placements } from "../../stacks/project/placement";
import { readRelease, releaseFile } from "../../stacks/project/release";
import { buildImages, sourceWorkloads } from "../build/images";
import { writeRelease } from "../build/release";
import { recordPorts } from "../release/ports";
import { kubectlFor, projectRoot, type Target } from "../clusters";
import { startEmbedded } from "../embedded";
import { forgetStacks } from "../engine/forget";
import { ensureCommandTools, reportBuilds } from "../engine/tools";
import { requireAllowed } from "../policies/judgement";
import type { LayerChoice } from "../layers";
import type { Progress } from "../progress";
import { requireCertificates } from "./certificates";
import { requireFreePorts } from "./free-ports";
import { ensureInfrastructure } from "./infrastructure";
import { requireReachable } from "./reach";

/**
 * Makes everything ready that has to be there before the engine looks at a stack: tools, the cluster if it is this machine's own, images of
 * apps with source. Mistakes in files, and apps that break the environment's rules, are found before anything is started; the apps whose
 * images are still to be built are judged after that, and before anything is applied.
 */
export async function prepare(target: Target, options: PrepareOptions): Promise<Project> {
  const { progress, signal, frozen } = options;
  const written = checkFiles(target);
  await ensureCommandTools(progress, signal);
  const judgement = { root: projectRoot, progress, advice: "counted" } as const;
  if (written !== undefined) await requireAllowed(written, judgement);
  let loopback: string | undefined;
  if (target.cluster.kind === "embedded") {
    const { addresses, isNew } = await startEmbedded(target.cluster.instance, progress);
    if (isNew) await forgetStacks(projectRoot, [target]);
    if (target.stack.images === "built" && !frozen) await build(target, addresses.registry, progress, signal);
    await makeEngines(target, addresses.registry, progress);
    loopback = addresses.loadBalancerAddress;
  } else {
    if (options.layer !== "apps") await ensureInfrastructure(target, options);
    await requireReachable(target);
    await makeEngines(target, undefined, progress);
  }
  const project = loadProject({ root: projectRoot, stack: target.stackName });
  if (frozen) requireFrozen(project);
  if (written === undefined) await requireAllowed(project, judgement);
  const kubectl = await kubectlFor(target);
  if (loopback !== undefined) await requireFreePorts(project, loopback, kubectl);
  await requireCertificates(project, kubectl);
  return project;
}

export interface PrepareOptions {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Build nothing, write no file. */
  readonly frozen: boolean;
  /** Default: all. `apps` leaves the infrastructure of a cloud as it is. */
  readonly layer?: LayerChoice | undefined;
}

/**
 * Checks everything a person wrote for a stack. Images that are still to be built are no mistake; then there is no project yet.
 * @throws PetrichorErrors with everything that is wrong
 */
function checkFiles({ stackName }: Target): Project | undefined {
  try {
    return loadProject({ root: projectRoot, stack: stackName });
  } catch (error) {
    const errors =
      error instanceof PetrichorErrors ? error.errors : error instanceof PetrichorError ? [error] : undefined;
    if (errors === undefined) throw error;
    throwAll(errors.filter(({ code }) => code !== "RELEASE_MISSING" && code !== "BUNDLE_MISSING"));
    return undefined;
  }
}

/** Makes what the engines of a stack need; without a registry of the embedded cluster, their manifests only. */
export async function makeEngines({ stack }: Target, registry: string | undefined, progress: Progress): Promise<void> {
  if (stack.engines.length === 0) return;
  const { ensureEngines } = await import("../../toolchain/platform");
  const step = progress.step("making the engines ready");
  await ensureEngines({ engines: stack.engines, registry, domain: stack.domain, report: reportBuilds(progress) });
  step.done();
}

async function build(
  { stack, name }: Target,
  registry: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { toolPath } = await import("../../toolchain/locate");
  const { embeddedFacts } = await import("../../components/cluster/embedded");
  const program = await toolPath("images");
  if (program === undefined) throw new TypeError("the image builder has not been made");
  const release = readRelease(projectRoot, stack);
  const definitions = loadApps(projectRoot);
  const placed = placedOn(definitions, placements(definitions, stack, release), name);
  const workloads = sourceWorkloads(projectRoot, placed);
  const options = { program, push: registry, pull: embeddedFacts.registry, progress, signal };
  const built = await buildImages(workloads, release, options);
  writeRelease(releaseFile(projectRoot, stack), recordPorts(stack, built));
}
