import { everyContainer } from "../expressions";
import { withContainers, withSecurityContext } from "../pods";
import type { ObjectRule } from "../rule";

export const noPrivilegedContainers: ObjectRule = {
  scope: "object",
  name: "no-privileged-containers",
  topic: "pods",
  title: "Containers are not privileged",
  why: "A privileged container has every capability and every device of the node: whoever breaks in owns the node.",
  remedy: "Take securityContext.privileged away",
  level: "mandatory",
  frameworks: { podSecurity: "baseline", cis: "5.2.2", nsa: "Kubernetes Pod security" },
  ...everyContainer({
    condition: "!c.?securityContext.?privileged.orValue(false)",
    says: "'is privileged'",
  }),
  fix: (object) => withContainers(object, (container) => withSecurityContext(container, { privileged: false })),
};
