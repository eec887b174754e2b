import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const noEscalatingVerbs: ObjectRule = {
  scope: "object",
  name: "no-escalating-verbs",
  topic: "identity",
  title: "Roles can't make themselves greater",
  why: "Who may bind, escalate or impersonate has the rights of everyone.",
  remedy: "Take the verbs bind, escalate and impersonate away",
  level: "mandatory",
  frameworks: { cis: "5.1.8", nsa: "Authentication and authorization" },
  match: [kinds.Role, kinds.ClusterRole],
  expression:
    "variables.grants.all(rule, ['bind', 'escalate', 'impersonate'].all(verb, !(verb in rule.?verbs.orValue([]))))",
  message: "'a rule grants bind, escalate or impersonate'",
};
