import { keys } from "../../components/kube/labels";
import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

/** An address that no gateway stands before. */
const openByIntent = `object.metadata.?annotations[?'${keys.open}'].orValue('') == 'true'`;

export const networkPolicyNamesPeers: ObjectRule = {
  scope: "object",
  name: "network-policy-names-peers",
  topic: "networking",
  title: "Network policies say who may talk",
  why: "A rule without peers opens its ports to everyone, which is seldom meant.",
  remedy: `Name the peers under from or to; where ingress is meant for everyone, say so with the annotation ${keys.open}: "true"`,
  level: "advisory",
  field: "expose",
  frameworks: { nsa: "Network separation and hardening" },
  match: [kinds.NetworkPolicy],
  expression: `(${openByIntent} || object.?spec.?ingress.orValue([]).all(rule, rule.?from.orValue([]).size() > 0)) && object.?spec.?egress.orValue([]).all(rule, rule.?to.orValue([]).size() > 0)`,
  message: "'a rule is open to everyone'",
};
