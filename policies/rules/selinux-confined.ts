import { podKinds } from "../kinds";
import type { ObjectRule } from "../rule";

/** That what stands at `place` keeps a process confined. */
function confined(place: string): string {
  const options = `${place}.?securityContext.?seLinuxOptions`;
  return [
    `${options}.?type.orValue('') in ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']`,
    `${options}.?user.orValue('') == ''`,
    `${options}.?role.orValue('') == ''`,
  ].join(" && ");
}

export const selinuxConfined: ObjectRule = {
  scope: "object",
  name: "selinux-confined",
  topic: "pods",
  title: "SELinux options stay within the container types",
  why: "A process with another type, user or role is not confined as containers are.",
  remedy:
    "Take seLinuxOptions away, or leave only type container_t, container_init_t, container_kvm_t or container_engine_t",
  level: "mandatory",
  frameworks: { podSecurity: "baseline", nsa: "Kubernetes Pod security" },
  match: podKinds,
  expression: `${confined("variables.podSpec")} && variables.containers.all(c, ${confined("c")})`,
  message: "'an SELinux option leaves the container types'",
};
