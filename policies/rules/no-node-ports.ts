import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const noNodePorts: ObjectRule = {
  scope: "object",
  name: "no-node-ports",
  topic: "networking",
  title: "Services take no ports on the nodes",
  why: "A node port is open on every node to whoever reaches the node, past gateways, certificates and limits.",
  remedy: "Use type ClusterIP and expose the workload by a gateway",
  level: "mandatory",
  frameworks: { nsa: "Network separation and hardening" },
  match: [kinds.Service],
  expression: "object.spec.?type.orValue('ClusterIP') != 'NodePort'",
  message: "'the type is NodePort'",
};
