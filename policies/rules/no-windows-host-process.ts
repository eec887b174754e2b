import { podKinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const noWindowsHostProcess: ObjectRule = {
  scope: "object",
  name: "no-windows-host-process",
  topic: "pods",
  title: "Windows containers are not processes of the host",
  why: "A host process container has the rights of a service on the node.",
  remedy: "Take windowsOptions.hostProcess away",
  level: "mandatory",
  frameworks: { podSecurity: "baseline", cis: "5.2.11" },
  match: podKinds,
  expression:
    "!variables.podSpec.?securityContext.?windowsOptions.?hostProcess.orValue(false) && variables.containers.all(c, !c.?securityContext.?windowsOptions.?hostProcess.orValue(false))",
  message: "'a container is a process of the host'",
};
