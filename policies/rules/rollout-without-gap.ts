import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const rolloutWithoutGap: ObjectRule = {
  scope: "object",
  name: "rollout-without-gap",
  topic: "availability",
  title: "Deployments are updated without a gap",
  why: "With Recreate all replicas stop before the first new one starts.",
  remedy: "Use the strategy RollingUpdate; a volume that one node holds is a reason not to",
  level: "advisory",
  field: "rollout",
  match: [kinds.Deployment],
  expression: "object.spec.?strategy.?type.orValue('RollingUpdate') != 'Recreate'",
  message: "'all replicas stop before new ones start'",
};
