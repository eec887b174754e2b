import { PetrichorError, PetrichorErrors, throwAll } from "../../components/errors";
import { loadApps, loadProject, type Project, requireFrozen } from "../../stacks/project";
import { readRelease, releaseFile } from "../../stacks/project/release";
import { buildImages, sourceWorkloads } from "../build/images";
import { writeRelease } from "../build/release";
import { projectRoot, type Target } from "../clusters";
import { startEmbedded } from "../embedded";
import { forgetStacks } from "../engine/forget";
import { ensureCommandTools, reportBuilds } from "../engine/tools";
import type { Progress } from "../progress";
import { ensureInfrastructure } from "./infrastructure";
import { requireReachable } from "./reach";

/**
 * Makes everything ready that has to be there before the engine looks at a stack: tools, the cluster if it is this machine's own, images of
 * apps with source. Mistakes in files are found before anything is started.
 */
export async function prepare(target: Target, options: PrepareOptions): Promise<Project> {
  const { progress, signal, frozen } = options;
  checkFiles(target);
  await ensureCommandTools(progress, signal);
  if (target.cluster.kind === "embedded") {
    const { addresses, isNew } = await startEmbedded(target.cluster.instance, progress);
    if (isNew) await forgetStacks(projectRoot, [target]);
    if (target.stack.images === "built" && !frozen) await build(target, addresses.registry, progress, signal);
    await makeEngines(target, addresses.registry, progress);
  } else {
    await ensureInfrastructure(target, options);
    await requireReachable(target);
  }
  const project = loadProject({ root: projectRoot, stack: target.stackName });
  if (frozen) requireFrozen(project);
  return project;
}

export interface PrepareOptions {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Build nothing, write no file. */
  readonly frozen: boolean;
}

/**
 * Checks everything a person wrote for a stack. Images that are still to be built are no mistake.
 * @throws PetrichorErrors with everything that is wrong
 */
function checkFiles({ stackName }: Target): void {
  try {
    loadProject({ root: projectRoot, stack: stackName });
  } catch (error) {
    const errors =
      error instanceof PetrichorErrors ? error.errors : error instanceof PetrichorError ? [error] : undefined;
    if (errors === undefined) throw error;
    throwAll(errors.filter(({ code }) => code !== "RELEASE_MISSING" && code !== "BUNDLE_MISSING"));
  }
}

async function makeEngines({ stack }: Target, registry: string, progress: Progress): Promise<void> {
  if (stack.engines.length === 0) return;
  const { ensureEngines } = await import("../../toolchain/platform");
  const step = progress.step("making the engines ready");
  await ensureEngines({ engines: stack.engines, registry, domain: stack.domain, report: reportBuilds(progress) });
  step.done();
}

async function build({ stack }: Target, registry: string, progress: Progress, signal: AbortSignal): Promise<void> {
  const { toolPath } = await import("../../toolchain/locate");
  const { embeddedFacts } = await import("../../components/cluster/embedded");
  const program = await toolPath("images");
  if (program === undefined) throw new TypeError("the image builder has not been made");
  const workloads = sourceWorkloads(projectRoot, loadApps(projectRoot));
  const release = readRelease(projectRoot, stack);
  const options = { program, push: registry, pull: embeddedFacts.registry, progress, signal };
  writeRelease(releaseFile(projectRoot, stack), await buildImages(workloads, release, options));
}
