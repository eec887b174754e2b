import { everyContainer } from "../expressions";
import type { ObjectRule } from "../rule";

export const capabilitiesDropped: ObjectRule = {
  scope: "object",
  name: "capabilities-dropped",
  topic: "pods",
  title: "Containers drop all capabilities and add none but NET_BIND_SERVICE",
  why: "Container runtimes hand out a dozen capabilities that servers never need and intruders do.",
  remedy: "Set securityContext.capabilities.drop to [ALL] and take all but NET_BIND_SERVICE out of capabilities.add",
  level: "mandatory",
  frameworks: { podSecurity: "restricted", cis: "5.2.8", nsa: "Kubernetes Pod security" },
  ...everyContainer({
    condition:
      "'ALL' in c.?securityContext.?capabilities.?drop.orValue([]) && c.?securityContext.?capabilities.?add.orValue([]).all(capability, capability == 'NET_BIND_SERVICE')",
    says: "'keeps capabilities'",
  }),
};
