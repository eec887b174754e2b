import { k8s } from "../../kube/k8s";
import { keys, selectorLabels } from "../../kube/labels";
import { contentHash, joinName } from "../../kube/names";
import type {
  CountOrPercent,
  CronModel,
  DaemonModel,
  HookModel,
  JobModel,
  ServiceModel,
  StatefulModel,
  VolumeModel,
  WorkerModel,
  WorkloadModel,
} from "../model/types";
import { replicaClaim, volumeName } from "../model/names";
import { labelsOf, type RenderContext } from "./context";
import { quantity } from "./namespace";
import { addYoungerFields, podLabels, podTemplate, spreadConstraints } from "./pod";

/** Roll-outs that stay for `kubectl rollout undo`. */
const revisions = 3;
/** What claim templates ask for. It never counts: each replica's claim is an object of its own, so that volumes can grow in place. */
const claimTemplateSize = "1Gi";

/** The object that runs a workload. */
export function mainObject(context: RenderContext, workload: WorkloadModel): void {
  switch (workload.kind) {
    case "service":
    case "worker":
      deployment(context, workload);
      break;
    case "stateful":
      statefulSet(context, workload);
      break;
    case "daemon":
      daemonSet(context, workload);
      break;
    case "job":
      // What waits in a queue starts its runs; an engine makes them.
      if (workload.scale === undefined) job(context, workload);
      break;
    case "cron":
      cronJob(context, workload);
  }
}

function deployment(context: RenderContext, workload: ServiceModel | WorkerModel): void {
  const { rollout, scale } = workload;
  const scaled = context.capabilities.autoscaling === true && scale.on.length > 0;
  const replicas = scale.on.length > 0 ? Math.max(scale.min, 1) : scale.min;
  const spread = scale.max > 1 ? spreadConstraints(context, workload, ["pod-template-hash"]) : undefined;
  const object = new k8s.KubeDeployment(context.chart, `${workload.name}/main`, {
    metadata: metadata(context, workload),
    spec: {
      // Whoever scales owns the number; writing it too would undo the scaler's work on every update.
      ...(scaled ? {} : { replicas }),
      selector: { matchLabels: selectorLabels(workload.app, workload.name) },
      strategy:
        rollout.strategy === "recreate" || bound(workload.volumes)
          ? { type: "Recreate" }
          : {
              type: "RollingUpdate",
              rollingUpdate: { maxSurge: count(rollout.surge), maxUnavailable: count(rollout.unavailable) },
            },
      minReadySeconds: rollout.settle,
      progressDeadlineSeconds: rollout.deadline,
      revisionHistoryLimit: revisions,
      ...(rollout.paused ? { paused: true } : {}),
      template: podTemplate(context, workload, {
        container: workload.container,
        labels: podLabels(context, workload),
        claim: (volume) => claimName(workload, volume),
        ports: containerPorts(workload),
        ...(spread === undefined ? {} : { topologySpreadConstraints: spread }),
      }),
    },
  });
  addYoungerFields(object, "/spec/template/spec", workload);
}

/** Whether a volume of one node keeps the new replica from starting beside the old one. */
function bound(volumes: readonly VolumeModel[]): boolean {
  return volumes.some((volume) => volume.type === "persistent" && volume.access === "one-node");
}

function statefulSet(context: RenderContext, workload: StatefulModel): void {
  const { rollout } = workload;
  const retain = workload.volumes.every((volume) => volume.type !== "persistent" || volume.retain)
    ? "Retain"
    : "Delete";
  const claims = workload.volumes.filter((volume) => volume.type === "persistent");
  const object = new k8s.KubeStatefulSet(context.chart, `${workload.name}/main`, {
    metadata: metadata(context, workload),
    spec: {
      replicas: workload.replicas,
      serviceName: replicasServiceName(workload),
      selector: { matchLabels: selectorLabels(workload.app, workload.name) },
      podManagementPolicy: workload.order === "parallel" ? "Parallel" : "OrderedReady",
      updateStrategy: {
        type: "RollingUpdate",
        rollingUpdate: { maxUnavailable: count(rollout.unavailable), partition: rollout.partition },
      },
      minReadySeconds: rollout.settle,
      revisionHistoryLimit: revisions,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: retain, whenScaled: retain },
      template: podTemplate(context, workload, {
        container: workload.container,
        labels: podLabels(context, workload),
        claim: () => undefined,
        ports: containerPorts(workload),
        ...(workload.replicas > 1 ? { topologySpreadConstraints: spreadConstraints(context, workload) } : {}),
      }),
      ...(claims.length === 0
        ? {}
        : {
            volumeClaimTemplates: claims.map((volume) => ({
              metadata: { name: volumeName(volume.name) },
              spec: claimSpec(context, { ...volume, size: claimTemplateSize }),
            })),
          }),
    },
  });
  addYoungerFields(object, "/spec/template/spec", workload);
}

function daemonSet(context: RenderContext, workload: DaemonModel): void {
  const { rollout } = workload;
  const object = new k8s.KubeDaemonSet(context.chart, `${workload.name}/main`, {
    metadata: metadata(context, workload),
    spec: {
      selector: { matchLabels: selectorLabels(workload.app, workload.name) },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: count(rollout.unavailable) } },
      minReadySeconds: rollout.settle,
      revisionHistoryLimit: revisions,
      template: podTemplate(context, workload, {
        container: workload.container,
        labels: podLabels(context, workload),
        claim: (volume) => claimName(workload, volume),
        ports: containerPorts(workload),
      }),
    },
  });
  addYoungerFields(object, "/spec/template/spec", workload);
}

/** A Job can't be changed, so its content is part of its name: a new version is a new Job. */
export function job(context: RenderContext, workload: JobModel): void {
  const spec = jobSpec(context, workload);
  const data = metadata(context, workload);
  const object = new k8s.KubeJob(context.chart, `${workload.name}/main`, {
    metadata: { ...data, name: joinName([workload.objectName, contentHash({ spec, stop: workload.stop })]) },
    spec,
  });
  addYoungerFields(object, "/spec/template/spec", workload);
}

function cronJob(context: RenderContext, workload: CronModel): void {
  // The history limits say which runs of a CronJob stay.
  const { ttlSecondsAfterFinished, ...spec } = jobSpec(context, workload);
  const object = new k8s.KubeCronJob(context.chart, `${workload.name}/main`, {
    metadata: metadata(context, workload),
    spec: {
      schedule: workload.schedule,
      timeZone: workload.timezone,
      concurrencyPolicy: { allow: "Allow", forbid: "Forbid", replace: "Replace" }[workload.concurrency],
      startingDeadlineSeconds: workload.startWithin,
      successfulJobsHistoryLimit: workload.history.succeeded,
      failedJobsHistoryLimit: workload.history.failed,
      suspend: workload.suspended,
      jobTemplate: { metadata: { labels: podLabels(context, workload) }, spec },
    },
  });
  addYoungerFields(object, "/spec/jobTemplate/spec/template/spec", workload);
}

function jobSpec(context: RenderContext, workload: JobModel | CronModel): k8s.JobSpec {
  return {
    parallelism: workload.parallelism,
    completions: workload.completions,
    backoffLimit: workload.retries,
    activeDeadlineSeconds: workload.deadline,
    ttlSecondsAfterFinished: workload.keep,
    template: podTemplate(context, workload, {
      container: workload.container,
      labels: podLabels(context, workload),
      // Every try is a pod of its own, so that its log stays.
      restartPolicy: "Never",
      claim: (volume) => claimName(workload, volume),
    }),
  };
}

/** The Job that runs before or after a roll-out. Its pods bear another name than the workload's, so that no traffic reaches them. */
export function hookObject(context: RenderContext, workload: WorkloadModel, hook: HookModel, phase: string): void {
  const labels = { ...podLabels(context, workload), "app.kubernetes.io/name": hook.objectName };
  const spec: k8s.JobSpec = {
    backoffLimit: hook.retries,
    activeDeadlineSeconds: hook.deadline,
    template: podTemplate(context, workload, { container: hook.container, labels, restartPolicy: "Never" }),
  };
  const object = new k8s.KubeJob(context.chart, `${workload.name}/${phase}/${hook.name}`, {
    metadata: {
      name: joinName([hook.objectName, contentHash(spec)]),
      namespace: workload.namespace,
      labels,
    },
    spec,
  });
  // Nobody sends it requests, so there is nobody to wait for when it stops.
  addYoungerFields(object, "/spec/template/spec", { ...workload, stop: { ...workload.stop, delay: 0 } });
}

/** The claims of persistent volumes: one for each replica of a stateful workload, under the name that its set looks for. */
export function claimObjects(context: RenderContext, workload: WorkloadModel): void {
  for (const volume of workload.volumes) {
    if (volume.type !== "persistent") continue;
    const annotations = {
      ...(volume.retain ? { [keys.keep]: "true" } : {}),
      ...("protect" in workload && workload.protect ? { [keys.protect]: "true" } : {}),
    };
    for (const name of claimNames(workload, volume)) {
      new k8s.KubePersistentVolumeClaim(context.chart, `${workload.name}/claim/${name}`, {
        metadata: {
          ...metadata(context, workload),
          name,
          ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
        },
        spec: claimSpec(context, volume),
      });
    }
  }
}

/** Names of the claims of a persistent volume: one, or one for each replica of a stateful workload. */
export function claimNames(workload: WorkloadModel, volume: VolumeModel): string[] {
  if (workload.kind !== "stateful") return [claimName(workload, volume)];
  const { replicas, objectName } = workload;
  return Array.from({ length: replicas }, (_, index) => replicaClaim(volume.name, objectName, index));
}

function claimSpec(
  context: RenderContext,
  volume: Extract<VolumeModel, { type: "persistent" }>,
): k8s.PersistentVolumeClaimSpec {
  return {
    accessModes: [volume.access === "one-node" ? "ReadWriteOnce" : "ReadWriteMany"],
    storageClassName: volume.class ?? context.facts.storageClass,
    resources: { requests: { storage: quantity(volume.size) } },
  };
}

function claimName(workload: WorkloadModel, volume: VolumeModel): string {
  return joinName([workload.objectName, volume.name]);
}

/** The headless Service that gives each replica of a stateful workload its name. */
export function replicasServiceName(workload: StatefulModel): string {
  return joinName([workload.objectName, "replicas"]);
}

function containerPorts(workload: WorkloadModel): k8s.ContainerPort[] {
  if (!("ports" in workload)) return [];
  return workload.ports.map(({ name, port, protocol }) => ({
    name,
    containerPort: port,
    ...(protocol === "udp" ? { protocol: "UDP" } : {}),
  }));
}

function metadata(
  { app }: RenderContext,
  workload: WorkloadModel,
): k8s.ObjectMeta & { labels: Record<string, string> } {
  return { name: workload.objectName, namespace: workload.namespace, labels: labelsOf(app, workload) };
}

function count(value: CountOrPercent): k8s.IntOrString {
  return typeof value === "number" ? k8s.IntOrString.fromNumber(value) : k8s.IntOrString.fromString(value);
}
