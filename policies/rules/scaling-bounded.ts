import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const scalingBounded: ObjectRule = {
  scope: "object",
  name: "scaling-bounded",
  topic: "autoscaling",
  title: "Autoscalers have a ceiling",
  why: "A loop or an attack would scale until the bill or the cluster gives in.",
  remedy: "Set the most replicas, at most policy.maximumReplicas of the stack file",
  level: "mandatory",
  field: "scale.max",
  match: [kinds.HorizontalPodAutoscaler, kinds.ScaledObject],
  expression: "variables.replicaCeiling <= int(params.data.maximumReplicas)",
  message:
    "'the ceiling is ' + (variables.replicaCeiling == 2147483647 ? 'not set' : string(variables.replicaCeiling))",
};
