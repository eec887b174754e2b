import { podKinds } from "../kinds";
import { withPod } from "../pods";
import type { ObjectRule } from "../rule";

const allowed = "['RuntimeDefault', 'Localhost']";
const podProfile = "variables.podSpec.?securityContext.?seccompProfile.?type";

export const seccompProfile: ObjectRule = {
  scope: "object",
  name: "seccomp-profile",
  topic: "pods",
  title: "System calls are filtered by a seccomp profile",
  why: "Most ways out of a container go through system calls that the default profile blocks; without one all are open.",
  remedy: "Set securityContext.seccompProfile.type of the pod to RuntimeDefault",
  level: "mandatory",
  frameworks: { podSecurity: "restricted", cis: "5.7.2", nsa: "Kubernetes Pod security" },
  match: podKinds,
  expression: `${podProfile}.orValue('RuntimeDefault') in ${allowed} && variables.containers.all(c, c.?securityContext.?seccompProfile.?type.orValue(${podProfile}.orValue('')) in ${allowed})`,
  message: "'a container runs without seccomp profile'",
  fix: (object) =>
    withPod(object, (pod) => ({
      ...pod,
      securityContext: { ...(pod.securityContext as object | undefined), seccompProfile: { type: "RuntimeDefault" } },
    })),
};
