import { podKinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const apparmorNotOff: ObjectRule = {
  scope: "object",
  name: "apparmor-not-off",
  topic: "pods",
  title: "AppArmor is not switched off",
  why: "The profile that container runtimes apply blocks mounts and writes to kernel files; without it a capability is enough.",
  remedy: "Set appArmorProfile.type to RuntimeDefault or Localhost, or leave it out",
  level: "mandatory",
  frameworks: { podSecurity: "baseline", nsa: "Kubernetes Pod security" },
  match: podKinds,
  expression:
    "variables.podSpec.?securityContext.?appArmorProfile.?type.orValue('') != 'Unconfined' && variables.containers.all(c, c.?securityContext.?appArmorProfile.?type.orValue('') != 'Unconfined')",
  message: "'AppArmor is switched off'",
};
