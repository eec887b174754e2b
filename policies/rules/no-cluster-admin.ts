import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const noClusterAdmin: ObjectRule = {
  scope: "object",
  name: "no-cluster-admin",
  topic: "identity",
  title: "Nobody is bound to cluster-admin",
  why: "It may do everything, everywhere, with no trace of what it was meant for.",
  remedy: "Bind a role that lists what is needed",
  level: "mandatory",
  frameworks: { cis: "5.1.1, 5.1.7", nsa: "Authentication and authorization" },
  match: [kinds.RoleBinding, kinds.ClusterRoleBinding],
  expression:
    "object.roleRef.name != 'cluster-admin' && object.?subjects.orValue([]).all(subject, subject.name != 'system:masters')",
  message: "object.roleRef.name + ' is bound to ' + object.?subjects.orValue([]).map(subject, subject.name).join(', ')",
};
