import { keys } from "../../kube/labels";
import { type KubeObject, objectKey } from "../../kube/object";
import type { AppModel, WorkloadModel } from "../model/types";

const mainKinds = new Set(["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"]);

/** The objects that run a workload, by `objectKey`. */
interface Running {
  readonly preDeploy: readonly string[];
  readonly main: readonly string[];
  readonly postDeploy: readonly string[];
}

/**
 * The order that no object tells by itself: a workload and its pre-deploy jobs come after the workloads of its app that its links wait
 * for, the workload after those jobs, its post-deploy jobs after it. Object → those it comes after, by `objectKey`. Pure.
 */
export function sequenceOf(model: AppModel, objects: readonly KubeObject[]): Map<string, string[]> {
  const running = new Map(model.workloads.map((workload) => [workload.name, runningOf(workload, objects)]));
  const after = new Map<string, string[]>();
  for (const workload of model.workloads) {
    const { preDeploy, main, postDeploy } = running.get(workload.name) ?? nothing;
    const callees = calleesOf(workload).flatMap((name) => running.get(name)?.main ?? []);
    for (const key of preDeploy) after.set(key, callees);
    for (const key of main) after.set(key, [...callees, ...preDeploy]);
    for (const key of postDeploy) after.set(key, [...main]);
  }
  return after;
}

const nothing: Running = { preDeploy: [], main: [], postDeploy: [] };

function runningOf(workload: WorkloadModel, objects: readonly KubeObject[]): Running {
  const named = (name: string) =>
    objects.filter(
      ({ kind, metadata: { labels } }) => mainKinds.has(kind) && labels?.["app.kubernetes.io/name"] === name,
    );
  const jobs = (phase: "preDeploy" | "postDeploy") =>
    "preDeploy" in workload
      ? workload[phase].flatMap((hook) =>
          named(hook.objectName)
            .filter(({ metadata: { labels } }) => labels?.[keys.workload] === workload.name)
            .map(objectKey),
        )
      : [];
  const main = named(workload.name).filter(({ metadata: { labels } }) => labels?.[keys.workload] === undefined);
  return { preDeploy: jobs("preDeploy"), main: main.map(objectKey), postDeploy: jobs("postDeploy") };
}

/** Workloads of the same app that one waits for. */
function calleesOf(workload: WorkloadModel): string[] {
  return workload.calls.filter(({ app, wait }) => wait && app === workload.app).map((edge) => edge.workload);
}
