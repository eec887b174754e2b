import { everyContainer } from "../expressions";
import { withContainers, withSecurityContext } from "../pods";
import type { ObjectRule } from "../rule";

export const noPrivilegeEscalation: ObjectRule = {
  scope: "object",
  name: "no-privilege-escalation",
  topic: "pods",
  title: "Processes can't gain privileges",
  why: "A set-user-ID program in the image would make root out of an ordinary process.",
  remedy: "Set securityContext.allowPrivilegeEscalation to false",
  level: "mandatory",
  frameworks: { podSecurity: "restricted", cis: "5.2.6", nsa: "Kubernetes Pod security" },
  ...everyContainer({
    condition: "!c.?securityContext.?allowPrivilegeEscalation.orValue(true)",
    says: "'allows privilege escalation'",
  }),
  fix: (object) =>
    withContainers(object, (container) => withSecurityContext(container, { allowPrivilegeEscalation: false })),
};
