import { k8s } from "../../kube/k8s";
import { selectorLabels } from "../../kube/labels";
import type { KubeObject } from "../../kube/object";
import { renderChart } from "../../kube/render";
import type { ClusterFacts } from "../../cluster/facts";
import type { AppModel, CountOrPercent, WorkloadModel } from "../model/types";
import { configurationObjects } from "./configuration";
import { type Capabilities, labelsOf, type RenderContext } from "./context";
import { namespaceObjects } from "./namespace";
import { defaultPolicy, serviceObjects, workloadPolicy } from "./network";
import { transformed } from "./transform";
import { claimObjects, hookObject, mainObject } from "./workload";

/**
 * Renders an app to the Kubernetes objects it comes to on a cluster. Pure: the same model, facts and capabilities give the same
 * objects in the same order, byte for byte.
 */
export function appObjects(model: AppModel, facts: ClusterFacts, capabilities: Capabilities = {}): KubeObject[] {
  const objects = renderChart((chart) => {
    const context: RenderContext = { chart, app: model, facts, capabilities };
    namespaceObjects(context);
    defaultPolicy(context);
    for (const workload of model.workloads) workloadObjects(context, workload);
  });
  return transformed(model, objects);
}

function workloadObjects(context: RenderContext, workload: WorkloadModel): void {
  configurationObjects(context, workload);
  claimObjects(context, workload);
  serviceObjects(context, workload);
  workloadPolicy(context, workload);
  hooks(context, workload, "preDeploy");
  mainObject(context, workload);
  disruptionBudget(context, workload);
  hooks(context, workload, "postDeploy");
}

function hooks(context: RenderContext, workload: WorkloadModel, phase: "preDeploy" | "postDeploy"): void {
  if (!(phase in workload)) return;
  for (const hook of (workload as Extract<WorkloadModel, { preDeploy: object }>)[phase]) {
    hookObject(context, workload, hook, phase);
  }
}

function disruptionBudget({ app, chart }: RenderContext, workload: WorkloadModel): void {
  if (!("disruption" in workload) || workload.disruption === undefined) return;
  const { disruption } = workload;
  new k8s.KubePodDisruptionBudget(chart, `${workload.name}/disruption`, {
    metadata: { name: workload.objectName, namespace: workload.namespace, labels: labelsOf(app, workload) },
    spec: {
      selector: { matchLabels: selectorLabels(app.name, workload.name) },
      // A pod that is not ready serves nobody; it must not keep a node from being drained.
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      ...("unavailable" in disruption
        ? { maxUnavailable: count(disruption.unavailable) }
        : { minAvailable: count(disruption.available) }),
    },
  });
}

function count(value: CountOrPercent): k8s.IntOrString {
  return typeof value === "number" ? k8s.IntOrString.fromNumber(value) : k8s.IntOrString.fromString(value);
}
