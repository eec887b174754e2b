import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const noWildcardRoles: ObjectRule = {
  scope: "object",
  name: "no-wildcard-roles",
  topic: "identity",
  title: "Roles list what they allow",
  why: "A wildcard also grants what will be added later: every new kind, verb and group.",
  remedy: "List verbs, resources and groups",
  level: "mandatory",
  frameworks: { cis: "5.1.3", nsa: "Authentication and authorization" },
  match: [kinds.Role, kinds.ClusterRole],
  expression: `variables.grants.all(rule, ${["verbs", "resources", "apiGroups", "nonResourceURLs"]
    .map((field) => `!('*' in rule.?${field}.orValue([]))`)
    .join(" && ")})`,
  message: "'a rule has a wildcard'",
};
