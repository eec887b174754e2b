import type { ScaleTrigger } from "../../../app/definition/scale";
import type { AppModel, ServiceModel, WorkerModel, WorkloadModel } from "../../../app/model/types";
import { standardLabels } from "../../../kube/labels";
import type { KubeObject } from "../../../kube/object";
import { toPercent } from "../../../kube/units";
import { httpTrigger } from "./http";
import { kedaTrigger } from "./triggers";

type Scaled = ServiceModel | WorkerModel;

/** Seconds without load after which a workload goes back to zero. */
const cooldown = 60;
/** Seconds between two looks at a trigger that has to be asked; those that push are heard at once. */
const polling = 5;
/** Seconds over which the highest wish counts before replicas are taken away: load comes in waves. */
const downWindow = 60;

/**
 * The one scaler of a workload: CPU and memory with a replica that always runs are the HorizontalPodAutoscaler's own trade, everything else
 * is one ScaledObject with all triggers in it. Nothing where the number of replicas is fixed.
 */
export function scalerObjects(app: AppModel, workload: WorkloadModel): KubeObject[] {
  if (!("scale" in workload) || workload.scale.on.length === 0) return [];
  const { min, on } = workload.scale;
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
      behavior,
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
  const { min, max, on } = workload.scale;
  const http = httpTrigger(workload);
  const triggers = on.flatMap((trigger) => kedaTrigger(trigger, workload) ?? []);
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: metadata(app, workload),
    spec: {
      scaleTargetRef: target(workload),
      minReplicaCount: min,
      maxReplicaCount: max,
      pollingInterval: polling,
      cooldownPeriod: cooldown,
      advanced: { horizontalPodAutoscalerConfig: { name: workload.objectName, behavior } },
      triggers: [...(http === undefined ? [] : [http]), ...triggers],
    },
  };
}

/** Up at once and by doubling, down slowly. */
const behavior = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [
      { type: "Percent", value: 100, periodSeconds: 15 },
      { type: "Pods", value: 4, periodSeconds: 15 },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: downWindow,
    selectPolicy: "Max",
    policies: [{ type: "Percent", value: 50, periodSeconds: 15 }],
  },
};

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
