import { everyContainer } from "../expressions";
import type { ObjectRule } from "../rule";

export const runAsNonRoot: ObjectRule = {
  scope: "object",
  name: "run-as-non-root",
  topic: "pods",
  title: "Containers are declared to run as another user than root",
  why: "Root in a container is root on the node as soon as there is a way out; the kubelet refuses such an image only if asked.",
  remedy: "Set runAsNonRoot to true in the security context of the pod or of the container",
  level: "mandatory",
  field: "user",
  frameworks: { podSecurity: "restricted", cis: "5.2.7", nsa: "Kubernetes Pod security" },
  ...everyContainer({
    condition:
      "c.?securityContext.?runAsNonRoot.orValue(variables.podSpec.?securityContext.?runAsNonRoot.orValue(false))",
    says: "'may run as root'",
  }),
};
