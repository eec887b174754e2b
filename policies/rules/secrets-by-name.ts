import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const secretsByName: ObjectRule = {
  scope: "object",
  name: "secrets-by-name",
  topic: "identity",
  title: "Roles for the whole cluster read Secrets by name only",
  why: "Who may list all Secrets has every password and every token in the cluster.",
  remedy: "Name the Secrets under resourceNames, or use a Role of one namespace",
  level: "advisory",
  frameworks: { cis: "5.1.2", nsa: "Authentication and authorization" },
  match: [kinds.ClusterRole],
  expression:
    "variables.grants.all(rule, !('secrets' in rule.?resources.orValue([])) || !('' in rule.?apiGroups.orValue([])) || rule.?resourceNames.orValue([]).size() > 0 || !['get', 'list', 'watch'].exists(verb, verb in rule.?verbs.orValue([])))",
  message: "'a rule reads all Secrets'",
};
