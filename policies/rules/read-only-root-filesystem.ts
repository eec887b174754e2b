import { everyContainer } from "../expressions";
import type { ObjectRule } from "../rule";

export const readOnlyRootFilesystem: ObjectRule = {
  scope: "object",
  name: "read-only-root-filesystem",
  topic: "pods",
  title: "Containers can't write to their own file system",
  why: "An intruder who can't write can't put tools there; and what is written there is lost at every restart anyway.",
  remedy: "Set securityContext.readOnlyRootFilesystem to true and mount a volume where the program writes",
  level: "mandatory",
  frameworks: { nsa: "Kubernetes Pod security" },
  ...everyContainer({
    of: "ownContainers",
    condition: "c.?securityContext.?readOnlyRootFilesystem.orValue(false)",
    says: "'can write to its root file system'",
  }),
};
