import { everyContainer } from "../expressions";
import type { ObjectRule } from "../rule";

export const memoryLimited: ObjectRule = {
  scope: "object",
  name: "memory-limited",
  topic: "pods",
  title: "Containers have a memory limit",
  why: "One leak takes all memory of a node, and the kernel then kills whoever it likes.",
  remedy: "Set resources.limits.memory",
  level: "mandatory",
  field: "resources",
  frameworks: { nsa: "Network separation and hardening" },
  ...everyContainer({
    of: "ownContainers",
    condition: "c.?resources.?limits[?'memory'].hasValue()",
    says: "'has no memory limit'",
  }),
};
