import { everyContainer } from "../expressions";
import type { ObjectRule } from "../rule";

export const noHostPorts: ObjectRule = {
  scope: "object",
  name: "no-host-ports",
  topic: "pods",
  title: "Containers take no ports of the node",
  why: "A port on the node goes round Services and network policies, and keeps a second replica from the same node.",
  remedy: "Take hostPort away and expose the workload by a Service",
  level: "mandatory",
  frameworks: { podSecurity: "baseline", cis: "5.2.13", nsa: "Kubernetes Pod security" },
  ...everyContainer({
    // On the node's own network every port is one of the node; that is another rule's matter, and the API server fills it in.
    condition:
      "variables.podSpec.?hostNetwork.orValue(false) || c.?ports.orValue([]).all(port, port.?hostPort.orValue(0) == 0)",
    says: "'takes a port of the node'",
  }),
};
