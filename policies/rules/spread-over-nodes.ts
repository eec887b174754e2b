import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const spreadOverNodes: ObjectRule = {
  scope: "object",
  name: "spread-over-nodes",
  topic: "availability",
  title: "Replicas are spread over nodes",
  why: "Two replicas on one node are one replica as soon as the node fails.",
  remedy: "Give the pods topologySpreadConstraints or anti-affinity",
  level: "advisory",
  field: "spread",
  match: [kinds.Deployment, kinds.StatefulSet],
  // A single replica has nothing to spread; the number that the API server fills in must count like one that is written.
  expression:
    "int(params.data.minimumReplicas) < 2 || object.spec.?replicas.orValue(1) < 2 || variables.podSpec.?topologySpreadConstraints.orValue([]).size() > 0 || variables.podSpec.?affinity.?podAntiAffinity.hasValue()",
  message: "'nothing keeps replicas from the same node'",
};
