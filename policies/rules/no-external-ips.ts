import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const noExternalIps: ObjectRule = {
  scope: "object",
  name: "no-external-ips",
  topic: "networking",
  title: "Services claim no addresses of their own",
  why: "With externalIPs anyone who may make a Service takes over traffic to any address (CVE-2020-8554).",
  remedy: "Take spec.externalIPs away and use type LoadBalancer",
  level: "mandatory",
  frameworks: { nsa: "Network separation and hardening" },
  match: [kinds.Service],
  expression: "object.spec.?externalIPs.orValue([]).size() == 0",
  message: "'it claims ' + object.spec.externalIPs.join(', ')",
};
