import { keys } from "../kube/labels";
import type { KubeObject } from "../kube/object";

/** Labels of everything that the platform itself puts on a cluster. */
export function platformLabels(engine: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": engine,
    "app.kubernetes.io/part-of": "petrichor",
    "app.kubernetes.io/managed-by": "petrichor",
  };
}

interface NamespaceOptions {
  /** What network policies of apps name it by. Default: nothing. */
  readonly role?: "gateway" | "telemetry";
  /** Level of Pod Security. Default: restricted, the strictest. */
  readonly level?: "restricted" | "privileged";
}

/** The namespace of an engine. */
export function engineNamespace(
  engine: string,
  name: string,
  { role, level = "restricted" }: NamespaceOptions = {},
): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      labels: {
        ...platformLabels(engine),
        ...(role === undefined ? {} : { [keys.role]: role }),
        "pod-security.kubernetes.io/enforce": level,
        "pod-security.kubernetes.io/enforce-version": "latest",
        "pod-security.kubernetes.io/warn": level,
        "pod-security.kubernetes.io/warn-version": "latest",
      },
    },
  };
}
