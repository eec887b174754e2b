import { keys } from "../../kube/labels";
import { type KubeObject, objectKey } from "../../kube/object";
import type { AppModel, WorkloadModel } from "../model/types";

const mainKinds = new Set(["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"]);

/** A workload of any app of a stack. */
export interface WorkloadName {
  readonly app: string;
  readonly name: string;
}

/** The order that no object tells by itself. Objects are named by `objectKey`. */
export interface AppSequence {
  /** Object → objects of the app that it comes after. */
  readonly after: ReadonlyMap<string, readonly string[]>;
  /** Object → workloads of other apps that it comes after. */
  readonly elsewhere: ReadonlyMap<string, readonly WorkloadName[]>;
  /** Workload → the objects that run it. */
  readonly main: ReadonlyMap<string, readonly string[]>;
}

/** The objects that run a workload, by `objectKey`. */
interface Running {
  readonly preDeploy: readonly string[];
  readonly main: readonly string[];
  readonly postDeploy: readonly string[];
}

/**
 * A workload and its pre-deploy jobs come after the workloads that its links wait for, the workload after those jobs, its post-deploy jobs
 * after it. Pure.
 */
export function sequenceOf(model: AppModel, objects: readonly KubeObject[]): AppSequence {
  const running = new Map(model.workloads.map((workload) => [workload.name, runningOf(workload, objects)]));
  const after = new Map<string, string[]>();
  const elsewhere = new Map<string, WorkloadName[]>();
  for (const workload of model.workloads) {
    const { preDeploy, main, postDeploy } = running.get(workload.name) ?? nothing;
    const callees = calleesOf(workload);
    const own = callees.filter(({ app }) => app === model.name).flatMap(({ name }) => running.get(name)?.main ?? []);
    const others = callees.filter(({ app }) => app !== model.name);
    for (const key of preDeploy) after.set(key, own);
    for (const key of main) after.set(key, [...own, ...preDeploy]);
    for (const key of postDeploy) after.set(key, [...main]);
    if (others.length > 0) for (const key of [...preDeploy, ...main]) elsewhere.set(key, others);
  }
  return { after, elsewhere, main: new Map([...running].map(([name, { main }]) => [name, main])) };
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

/** Workloads that one waits for, each once. */
function calleesOf(workload: WorkloadModel): WorkloadName[] {
  const waited = workload.calls.filter(({ wait }) => wait);
  const named = waited.map((edge) => [`${edge.app}/${edge.workload}`, { app: edge.app, name: edge.workload }] as const);
  return [...new Map(named).values()];
}
