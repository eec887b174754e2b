import type { ScaleTrigger } from "../../../app/definition/scale";
import type { AppModel, ServiceModel, StepModel, WorkerModel, WorkloadModel } from "../../../app/model/types";
import { standardLabels } from "../../../kube/labels";
import { joinName } from "../../../kube/names";
import type { KubeObject } from "../../../kube/object";
import { toPercent } from "../../../kube/units";
import type { EngineContext } from "../../engine";
import { httpTriggers } from "./http";
import { scaledJob } from "./job";
import { kedaTrigger } from "./triggers";

type Scaled = ServiceModel | WorkerModel;

/** Seconds between two looks at a trigger that has to be asked; those that push are heard at once. */
const polling = 5;

/**
 * The one scaler of a workload: CPU and memory with a replica that always runs are the HorizontalPodAutoscaler's own trade, everything else
 * is one ScaledObject with all triggers in it. Nothing where the number of replicas is fixed.
 */
export function scalerObjects(
  app: AppModel,
  workload: WorkloadModel,
  { facts }: Pick<EngineContext, "facts">,
): KubeObject[] {
  if (workload.kind === "job") return workload.scale === undefined ? [] : [scaledJob(app, workload, facts)];
  if (workload.kind !== "service" && workload.kind !== "worker") return [];
  const { min, on } = workload.scale;
  if (on.length === 0) return [];
  return [min > 0 && on.every(isResource) ? horizontalPodAutoscaler(app, workload) : scaledObject(app, workload)];
}

type ResourceTrigger = Extract<ScaleTrigger, { cpu: unknown } | { memory: unknown }>;

function isResource(trigger: ScaleTrigger): trigger is ResourceTrigger {
  return "cpu" in trigger || "memory" in trigger;
}

function horizontalPodAutoscaler(app: AppModel, workload: Scaled): KubeObject {
  const { min, max, on } = workload.scale;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadata(app, workload),
    spec: {
      scaleTargetRef: target(workload),
      minReplicas: min,
      maxReplicas: max,
      metrics: on.filter(isResource).map(resourceMetric),
      behavior: behavior(workload),
    },
  };
}

function resourceMetric(trigger: ResourceTrigger): Record<string, unknown> {
  const [name, value] = "cpu" in trigger ? ["cpu", trigger.cpu] : ["memory", trigger.memory];
  const aim = value.endsWith("%")
    ? { type: "Utilization", averageUtilization: toPercent(value as `${number}%`) }
    : { type: "AverageValue", averageValue: value };
  return { type: "Resource", resource: { name, target: aim } };
}

function scaledObject(app: AppModel, workload: Scaled): KubeObject {
  const { min, max, on, cooldown, coldStart, fallback } = workload.scale;
  const http = workload.kind === "service" ? httpTriggers(workload) : [];
  const triggers = on.flatMap((trigger) => kedaTrigger(trigger, workload) ?? []);
  const warm = coldStart.minWarm === undefined ? {} : { minReplicaCount: coldStart.minWarm, idleReplicaCount: 0 };
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: metadata(app, workload),
    spec: {
      scaleTargetRef: target(workload),
      minReplicaCount: min,
      ...warm,
      maxReplicaCount: max,
      pollingInterval: polling,
      cooldownPeriod: cooldown,
      // The first version starts at once; without this it would be stopped before it is ready.
      initialCooldownPeriod: cooldown,
      // What runs already stays, whatever is lost: nothing collapses because nobody measured it.
      fallback: {
        failureThreshold: fallback.after,
        replicas: fallback.replicas,
        behavior: "currentReplicasIfHigher",
      },
      // A name of its own: a workload may come from, or go to, a HorizontalPodAutoscaler of ours.
      advanced: {
        horizontalPodAutoscalerConfig: { name: joinName([workload.objectName, "keda"]), behavior: behavior(workload) },
      },
      triggers: [...http, ...triggers],
    },
  };
}

function behavior({ scale: { window, step, tolerance } }: Scaled): Record<string, unknown> {
  const near = { tolerance: String(tolerance / 100) };
  return {
    scaleUp: { stabilizationWindowSeconds: window.up, selectPolicy: "Max", policies: policies(step.up), ...near },
    scaleDown: { stabilizationWindowSeconds: window.down, selectPolicy: "Max", policies: policies(step.down), ...near },
  };
}

function policies({ replicas, percent, every }: StepModel): object[] {
  return [
    ...(percent === undefined ? [] : [{ type: "Percent", value: percent, periodSeconds: every }]),
    ...(replicas === undefined ? [] : [{ type: "Pods", value: replicas, periodSeconds: every }]),
  ];
}

function target(workload: Scaled): Record<string, string> {
  return { apiVersion: "apps/v1", kind: "Deployment", name: workload.objectName };
}

function metadata(app: AppModel, workload: Scaled): KubeObject["metadata"] {
  return {
    name: workload.objectName,
    namespace: workload.namespace,
    labels: standardLabels(app.name, workload.name),
  };
}
