import { setTimeout as sleep } from "node:timers/promises";
import { PetrichorError, throwAll } from "../../components/errors";
import { domain } from "../../components/kube/labels";
import type { Project } from "../../stacks/project";
import type { Kubectl } from "../kubectl";
import type { Progress } from "../progress";
import { diagnosePods } from "./diagnose";
import { isScaled, type LiveDeployment, replicatedWorkloads } from "./scaled";

/** Annotation on a Deployment: its last revision that was seen to be ready. */
const seenRevision = `${domain}/seen-revision`;
const revisionKey = "deployment.kubernetes.io/revision";
/** KEDA's annotation that keeps a workload awake without a reason of its own. */
const forced = "autoscaling.keda.sh/force-activation";
/** Milliseconds between two looks. */
const lookEvery = 1000;
/** Workloads that are woken at the same time: each of them costs the cluster a start. */
const atOnce = 4;
/** Restarts from which on a crash is no hiccup. */
const restarts = 2;

export interface WakeOptions {
  readonly project: Pick<Project, "apps" | "platform">;
  readonly kubectl: Kubectl;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

type Workload = ReturnType<typeof replicatedWorkloads>[number];

/**
 * Wakes each version that sleeps and has never run, waits until it is ready, and lets it sleep again: a version that crashes must be
 * found now, and not by its first user.
 * @throws PetrichorErrors APP_CRASHED, IMAGE_PULL_FAILED, or ENGINE_FAILED for a version that isn't ready within its `rollout.deadline`
 */
export async function wakeNewVersions({ project, kubectl, progress, signal }: WakeOptions): Promise<void> {
  const sleepers = replicatedWorkloads(project).filter(
    (workload) => workload.scale.min === 0 && isScaled(workload, project),
  );
  const errors: PetrichorError[] = [];
  for (let next = 0; next < sleepers.length; next += atOnce) {
    const group = sleepers.slice(next, next + atOnce).map(async (workload) => {
      try {
        await see(workload, { kubectl, progress, signal });
      } catch (error) {
        if (!(error instanceof PetrichorError)) throw error;
        errors.push(error);
      }
    });
    await Promise.all(group);
  }
  throwAll(errors);
}

async function see(workload: Workload, { kubectl, progress, signal }: Omit<WakeOptions, "project">): Promise<void> {
  const deployment = await settled(workload, kubectl);
  const { annotations = {} } = deployment.metadata;
  const revision = annotations[revisionKey] ?? "";
  if (annotations[seenRevision] === revision) return;
  if (!isReady(deployment)) {
    const step = progress.step(`wake ${workload.app}/${workload.name}`);
    await annotate(workload, "scaledobject", `${forced}=true`, kubectl);
    try {
      await untilReady(workload, kubectl, signal);
      step.done();
    } catch (error) {
      step.failed();
      throw error;
    } finally {
      await annotate(workload, "scaledobject", `${forced}-`, kubectl);
    }
  }
  await annotate(workload, "deployment", `${seenRevision}=${revision}`, kubectl);
}

async function read({ namespace, objectName }: Workload, kubectl: Kubectl): Promise<LiveDeployment> {
  return kubectl.json<LiveDeployment>("--namespace", namespace, "get", "deployment", objectName);
}

/** The Deployment once its controller has seen what was written last; before, its revision is that of the version before. */
async function settled(workload: Workload, kubectl: Kubectl): Promise<LiveDeployment> {
  for (;;) {
    const deployment = await read(workload, kubectl);
    if ((deployment.status?.observedGeneration ?? 0) >= deployment.metadata.generation) return deployment;
    await sleep(lookEvery / 10);
  }
}

/** Whether a replica of the last version is ready, and none of an older one runs. */
function isReady({ status }: LiveDeployment): boolean {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
  return availableReplicas > 0 && replicas === updatedReplicas;
}

async function untilReady(workload: Workload, kubectl: Kubectl, signal: AbortSignal | undefined): Promise<void> {
  // The API server's times are whole seconds.
  const since = new Date(Math.floor(Date.now() / 1000) * 1000);
  const deadline = Date.now() + workload.rollout.deadline * 1000;
  for (;;) {
    if (isReady(await read(workload, kubectl))) return;
    const found = await diagnosePods(kubectl, { apps: [workload.app], since, restarts });
    throwAll(found.filter(({ place }) => place.workload === workload.name));
    if (Date.now() > deadline) throw tooLate(workload);
    await sleep(lookEvery, undefined, signal === undefined ? {} : { signal });
  }
}

async function annotate(
  { namespace, objectName }: Workload,
  kind: "deployment" | "scaledobject",
  annotation: string,
  kubectl: Kubectl,
): Promise<void> {
  await kubectl.text("--namespace", namespace, "annotate", "--overwrite", kind, objectName, annotation);
}

function tooLate({ app, name, rollout }: Workload): PetrichorError {
  return new PetrichorError(
    "ENGINE_FAILED",
    `the new version was woken, and was not ready within ${rollout.deadline}s.`,
    "Look at `petrichor logs`, correct the app or raise `rollout.deadline`, then run the command again.",
    { app, workload: name },
  );
}
