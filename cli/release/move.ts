import { setTimeout as sleep } from "node:timers/promises";
import { PetrichorError } from "../../components/errors";
import { planMove, type MoveStep } from "../../components/placement/move";
import { matchingClusters } from "../../components/placement/place";
import { loadApps, loadProject, requireApp } from "../../stacks/project";
import { placementInput } from "../../stacks/project/placement";
import { kubectlFor, projectRoot, type Target } from "../clusters";
import type { Progress } from "../progress";
import { findWorkloads, type RunningWorkload } from "../workloads/find";
import { untilReady, usualPatience } from "./ready";
import { ReleaseStore } from "./store";

export interface MoveOptions {
  /** Clusters of the environment. */
  readonly targets: readonly Target[];
  readonly app: string;
  /** Name of the cluster to move to. */
  readonly to: string;
  /** Milliseconds between the switch of the address and the end on the old cluster: longer than anybody remembers an address. */
  readonly drain: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Makes a cluster what its files say. */
  readonly up: (target: Target) => Promise<unknown>;
}

/**
 * The steps that are left to move an app.
 * @throws PetrichorError MOVE_IMPOSSIBLE, APP_UNKNOWN
 */
export function moveSteps({ targets, app, to }: Pick<MoveOptions, "targets" | "app" | "to">): MoveStep[] {
  const { stack, environment } = environmentOf(targets);
  const release = new ReleaseStore(projectRoot, stack).read();
  const input = placementInput(loadApps(projectRoot), stack, release);
  const rule = stack.placement[app];
  if (rule?.on !== "one") {
    throw new PetrichorError(
      "MOVE_IMPOSSIBLE",
      "it can't be moved: it runs on every cluster that takes it.",
      `Write \`placement: { ${app}: { on: "one" } }\` in the stack file first.`,
      { stack: environment, app },
    );
  }
  const current = release.placements[app] ?? [];
  const allowed = matchingClusters(app, input);
  const stateful = current.flatMap((cluster) => statefulWorkloads(targetOf(targets, cluster), app));
  return planMove({ environment, app, current, to, allowed, stateful: [...new Set(stateful)] });
}

/** Moves an app step by step; stopped at any point, it goes on from there when it is called again. */
export async function moveApp(options: MoveOptions): Promise<void> {
  for (const step of moveSteps(options)) {
    options.signal.throwIfAborted();
    await takeStep(step, options);
  }
}

async function takeStep(step: MoveStep, options: MoveOptions): Promise<void> {
  const { app, targets, progress, up } = options;
  const target = targetOf(targets, step.cluster);
  switch (step.action) {
    case "create":
      await record(step.placement, options);
      await up(target);
      return;
    case "check": {
      const shown = progress.step(`waiting until ${app} is ready on ${target.stackName}`);
      const kubectl = await kubectlFor(target);
      const look = async (): Promise<RunningWorkload[]> =>
        (await findWorkloads(kubectl)).filter((one) => one.app === app);
      await untilReady({ stack: target.stackName, app }, look, { ...usualPatience, signal: options.signal });
      shown.done();
      return;
    }
    case "switch":
      await record(step.placement, options);
      progress.line(`the address of ${app} leads to ${target.stackName}`);
      return;
    case "drain": {
      const shown = progress.step(`waiting ${options.drain / 1000} s until nobody asks ${target.stackName} any more`);
      await sleep(options.drain, undefined, { signal: options.signal });
      shown.done();
      await record(step.placement, options);
      await up(target);
      return;
    }
  }
}

async function record(placement: readonly string[], { targets, app, to }: MoveOptions): Promise<void> {
  const { stack, environment } = environmentOf(targets);
  await new ReleaseStore(projectRoot, stack).change(`petrichor move ${app} --to ${to} ${environment}`, (current) =>
    Promise.resolve({ ...current, placements: { ...current.placements, [app]: [...placement] } }),
  );
}

function statefulWorkloads({ stackName }: Target, app: string): string[] {
  const { model } = requireApp(loadProject({ root: projectRoot, stack: stackName }), app);
  return model.workloads
    .filter(({ kind, volumes }) => kind === "stateful" || volumes.some(({ type }) => type === "persistent"))
    .map(({ name }) => name);
}

function targetOf(targets: readonly Target[], cluster: string): Target {
  const found = targets.find(({ name }) => name === cluster);
  if (found === undefined) throw new RangeError(`the environment has no cluster "${cluster}"`);
  return found;
}

function environmentOf([first]: readonly Target[]): { stack: Target["stack"]; environment: string } {
  if (first === undefined) throw new RangeError("an environment has a cluster");
  return { stack: first.stack, environment: first.stack.environment };
}
