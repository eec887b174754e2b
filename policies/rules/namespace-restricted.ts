import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const namespaceRestricted: ObjectRule = {
  scope: "object",
  name: "namespace-restricted",
  topic: "pods",
  title: "Namespaces enforce a Pod Security level",
  why: "The level is the API server's own net below all policies; without the label nothing is enforced.",
  remedy: "Set the label pod-security.kubernetes.io/enforce to restricted or baseline",
  level: "mandatory",
  frameworks: { cis: "5.2.1", nsa: "Kubernetes Pod security" },
  match: [kinds.Namespace],
  expression:
    "object.metadata.name == 'default' || object.metadata.name.startsWith('kube-') || object.metadata.?labels[?'pod-security.kubernetes.io/enforce'].orValue('') in ['restricted', 'baseline']",
  message: "'it enforces no Pod Security level'",
};
