import { everyItem } from "../expressions";
import { podKinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const noHostPath: ObjectRule = {
  scope: "object",
  name: "no-host-path",
  topic: "pods",
  title: "Pods mount no folders of the node",
  why: "Through the node's file system a pod reaches other pods' data, the kubelet's credentials and the container runtime.",
  remedy: "Use a persistent volume, an emptyDir or a ConfigMap",
  level: "mandatory",
  frameworks: { podSecurity: "baseline", cis: "5.2.12", nsa: "Kubernetes Pod security" },
  ...everyItem({
    match: podKinds,
    list: "variables.podSpec.?volumes.orValue([])",
    condition: "!item.?hostPath.hasValue()",
    says: "'volume ' + item.name + ' is the folder ' + item.hostPath.path + ' of the node'",
  }),
};
