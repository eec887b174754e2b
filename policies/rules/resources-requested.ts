import { everyContainer } from "../expressions";
import type { ObjectRule } from "../rule";

/** A limit without a request is a request too: the API server fills it in. */
const asked = (resource: string): string =>
  `(c.?resources.?requests[?'${resource}'].hasValue() || c.?resources.?limits[?'${resource}'].hasValue())`;

export const resourcesRequested: ObjectRule = {
  scope: "object",
  name: "resources-requested",
  topic: "pods",
  title: "Containers request CPU and memory",
  why: "The scheduler places by requests: without them nodes are overfilled, and such pods are the first to be killed.",
  remedy: "Set resources.requests.cpu and resources.requests.memory",
  level: "mandatory",
  field: "resources",
  frameworks: { nsa: "Network separation and hardening" },
  ...everyContainer({
    of: "ownContainers",
    condition: `${asked("cpu")} && ${asked("memory")}`,
    says: "'requests no CPU or no memory'",
  }),
};
