import { everyItem } from "../expressions";
import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const noAnonymousAccess: ObjectRule = {
  scope: "object",
  name: "no-anonymous-access",
  topic: "identity",
  title: "Nothing is granted to unknown users",
  why: "Whoever reaches the API server would have the role, without any credentials.",
  remedy: "Bind the role to a group or an account",
  level: "mandatory",
  frameworks: { nsa: "Authentication and authorization" },
  ...everyItem({
    match: [kinds.RoleBinding, kinds.ClusterRoleBinding],
    list: "object.?subjects.orValue([])",
    condition: "!(item.name in ['system:anonymous', 'system:unauthenticated'])",
    says: "item.name + ' gets ' + object.roleRef.name",
  }),
};
