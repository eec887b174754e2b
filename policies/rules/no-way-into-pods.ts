import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const noWayIntoPods: ObjectRule = {
  scope: "object",
  name: "no-way-into-pods",
  topic: "identity",
  title: "Roles don't lead into running pods",
  why: "Who may run commands in pods, go through the kubelet or make tokens has what all pods have.",
  remedy: "Take pods/exec, pods/attach, nodes/proxy and serviceaccounts/token away",
  level: "advisory",
  frameworks: { cis: "5.1.10, 5.1.13", nsa: "Authentication and authorization" },
  match: [kinds.Role, kinds.ClusterRole],
  expression:
    "variables.grants.all(rule, ['pods/exec', 'pods/attach', 'nodes/proxy', 'serviceaccounts/token'].all(resource, !(resource in rule.?resources.orValue([]))))",
  message: "'a rule leads into pods, kubelets or tokens'",
};
