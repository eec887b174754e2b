import type { KubeObject } from "../../components/kube/object";
import type { StackRule } from "../rule";
import { byNamespace, field, type RunningWorkload, runningWorkloads, selects } from "../workloads";

export const replicasEnough: StackRule = {
  scope: "stack",
  name: "replicas-enough",
  topic: "availability",
  title: "Workloads that others call have as many replicas as the environment asks for",
  why: "With a single replica, every node that is drained and every pod that crashes is an outage.",
  remedy: "Raise replicas or scale.min to policy.minimumReplicas of the stack file",
  level: "mandatory",
  field: "scale.min",
  judge: (objects, { minimumReplicas }) => {
    const services = byNamespace(
      objects.filter(({ kind }) => kind === "Service"),
      (service) => service,
    );
    return (
      runningWorkloads(objects)
        .filter(({ object }) => object.kind !== "DaemonSet")
        .filter(({ object, labels }) => services(object).some((service) => leadsTo(service, labels)))
        // One that may sleep has no replica at all for most of the time: that is another wish than to be always there.
        .filter(({ replicas: { min }, autoscaled }) => min < minimumReplicas && !(autoscaled && min === 0))
        .map(({ object, replicas: { min } }) => ({
          object,
          message: `it has ${min} ${min === 1 ? "replica" : "replicas"} at least, and the environment asks for ${minimumReplicas}`,
        }))
    );
  },
};

function leadsTo({ spec }: KubeObject, labels: RunningWorkload["labels"]): boolean {
  const selector = field(spec, "selector");
  return selector !== undefined && selects({ matchLabels: selector }, labels);
}
