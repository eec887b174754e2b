import { podKinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const noRootUser: ObjectRule = {
  scope: "object",
  name: "no-root-user",
  topic: "pods",
  title: "Containers are not run as user 0",
  why: "Root in a container is root on the node as soon as there is a way out.",
  remedy: "Set runAsUser to another number than 0, or leave it to the image",
  level: "mandatory",
  field: "user",
  frameworks: { podSecurity: "restricted", cis: "5.2.7", nsa: "Kubernetes Pod security" },
  match: podKinds,
  expression: `variables.podSpec.?securityContext.?runAsUser.orValue(1) != 0 && variables.containers.all(c, c.?securityContext.?runAsUser.orValue(1) != 0)`,
  message: "'user 0 is asked for'",
};
