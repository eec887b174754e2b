import { setTimeout as sleep } from "node:timers/promises";
import { PetrichorError, throwAll } from "../../components/errors";
import type { KubeObject } from "../../components/kube/object";
import { isDefinition } from "../../components/platform/definitions";
import type { Project } from "../../stacks/project";
import { operate, type OperationOptions, type OperationResult } from "../engine/operate";
import type { EngineStack } from "../engine/session";
import type { Kubectl } from "../kubectl";
import { settleExisting } from "./adopt";
import { deployJobError } from "./deploy-jobs";
import { clearFailedJobs, failedJobs } from "./failed-jobs";
import { diagnosePods } from "./diagnose";
import { requireNotNeeded } from "./leaving";
import { requireVolumesFit } from "./volumes";

export interface ApplyOptions extends Omit<OperationOptions, "takeOver"> {
  readonly project: Project;
  readonly engine: EngineStack;
  readonly kubectl: Kubectl;
  /** Whether objects of ours that the stack's state doesn't know may be taken over. */
  readonly adopt: boolean;
}

/**
 * Lets the engine make a cluster what the project says. An app that can't start ends the wait: the engine itself would wait for minutes.
 * @throws PetrichorError ENGINE_NEEDED, OBJECT_EXISTS, VOLUME_SHRINK, VOLUME_GROWTH_UNSUPPORTED, VOLUME_CLASS_FIXED before anything is applied;
 *   DEPLOY_JOB_FAILED, IMAGE_PULL_FAILED, APP_CRASHED where an app is to blame; else ENGINE_FAILED
 */
export async function apply({ project, engine, kubectl, adopt, ...options }: ApplyOptions): Promise<OperationResult> {
  const objects = project.apps.flatMap((app) => app.objects);
  await requireVolumesFit(project, kubectl);
  const definitions = project.platform.engines.flatMap((one) => one.objects.filter(isDefinition));
  const state = await engine.exportState();
  await requireNotNeeded(project, state, kubectl);
  const takeOver = await settleExisting({ engine, state, kubectl, objects: [...definitions, ...objects], adopt });
  const refresh = (await clearFailedJobs(kubectl, objects)) || options.refresh === true;
  const models = project.apps.map(({ model }) => model);
  const apps = models.map(({ name }) => name);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const watch = new AbortController();
  const watching = untilHopeless(kubectl, apps, objects, watch.signal).then((hopeless) => {
    if (hopeless) stop.abort();
  });
  try {
    return await operate(engine, "up", { ...options, signal, takeOver, refresh });
  } catch (error) {
    if (error instanceof PetrichorError && error.code === "ENGINE_FAILED")
      throwAll((await diagnosePods(kubectl, { apps })).map((found) => deployJobError(found, models)));
    throw error;
  } finally {
    watch.abort();
    await watching;
  }
}

/** Milliseconds between two looks at the pods. */
const lookEvery = 3000;
/** Looks in a row that must find the same, so that a registry's hiccup or a missing Secret has time to pass. */
const looks = 5;
/** Restarts from which on a crash is no hiccup: with the kubelet's pauses of 10, 20 and 40 s, a bit more than a minute. */
const restarts = 3;

/** Whether pods made from now on can't start, or a Job has failed that others wait for; found out by looking until then. */
async function untilHopeless(
  kubectl: Kubectl,
  apps: readonly string[],
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<boolean> {
  // The API server's times are whole seconds.
  const since = new Date(Math.floor(Date.now() / 1000) * 1000);
  if (apps.length === 0) return false;
  for (let found = 0; found < looks;) {
    await sleep(lookEvery, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return false;
    const [crashed, failed] = await Promise.all([
      diagnosePods(kubectl, { apps, since, restarts }).catch(() => []),
      failedJobs(kubectl, objects).catch(() => []),
    ]);
    found = crashed.length + failed.length === 0 ? 0 : found + 1;
  }
  return true;
}
