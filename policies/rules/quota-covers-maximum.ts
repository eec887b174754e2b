import type { KubeObject } from "../../components/kube/object";
import { quantity, rounded, sizeText } from "../quantities";
import type { StackRule, Violation } from "../rule";
import { byNamespace, field, type RunningWorkload, runningWorkloads } from "../workloads";

export const quotaCoversMaximum: StackRule = {
  scope: "stack",
  name: "quota-covers-maximum",
  topic: "autoscaling",
  title: "The quota of a namespace holds its workloads when they are scaled up",
  why: "An autoscaler that meets the quota stops without a word, just when the load is highest.",
  remedy: "Raise the app's quota, or lower scale.max or the resources of its workloads",
  level: "mandatory",
  field: "scale.max",
  judge: (objects) => {
    const workloads = byNamespace(runningWorkloads(objects), ({ object }) => object);
    return objects
      .filter(({ kind }) => kind === "ResourceQuota")
      .flatMap((quota) => {
        const namespace = workloads(quota);
        const [largest] = [...namespace].sort((left, right) => right.replicas.max - left.replicas.max);
        return largest === undefined ? [] : exceeded(quota, namespace, largest.object);
      });
  },
};

function exceeded(quota: KubeObject, workloads: readonly RunningWorkload[], largest: KubeObject): Violation[] {
  const total = (one: (workload: RunningWorkload) => number): number =>
    workloads.reduce((sum, workload) => sum + workload.replicas.max * one(workload), 0);
  const hard = (name: string): number => {
    const value = (field(quota, "spec.hard") as Record<string, unknown> | undefined)?.[name];
    return value === undefined ? Infinity : quantity(value);
  };
  const wanted: [string, number, number, (value: number) => string][] = [
    ["CPU", total(({ requests }) => requests.cpu), hard("requests.cpu"), rounded],
    ["memory", total(({ requests }) => requests.memory), hard("requests.memory"), sizeText],
    ["pods", total(() => 1), hard("pods"), rounded],
  ];
  return wanted
    .filter(([, want, limit]) => want > limit * (1 + Number.EPSILON))
    .map(([name, want, limit, text]) => ({
      object: largest,
      message: `scaled up, the workloads of ${quota.metadata.namespace ?? "default"} ask for ${text(want)} ${name}, and the quota is ${text(limit)}`,
    }));
}
