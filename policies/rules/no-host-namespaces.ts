import { podKinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const noHostNamespaces: ObjectRule = {
  scope: "object",
  name: "no-host-namespaces",
  topic: "pods",
  title: "Pods don't share the node's namespaces",
  why: "A pod in the node's network, process or IPC namespace sees and reaches what belongs to the node and to all its pods.",
  remedy: "Take hostNetwork, hostPID and hostIPC away",
  level: "mandatory",
  frameworks: { podSecurity: "baseline", cis: "5.2.3, 5.2.4, 5.2.5", nsa: "Kubernetes Pod security" },
  match: podKinds,
  expression: ["hostNetwork", "hostPID", "hostIPC"]
    .map((field) => `!variables.podSpec.?${field}.orValue(false)`)
    .join(" && "),
  message: `[${["hostNetwork", "hostPID", "hostIPC"]
    .map((field) => `variables.podSpec.?${field}.orValue(false) ? '${field}' : ''`)
    .join(", ")}].filter(name, name != '').join(', ') + ' is set'`,
};
