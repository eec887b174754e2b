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

/** The namespace of an engine, with the strictest level of Pod Security; `role` is what network policies of apps name it by. */
export function engineNamespace(engine: string, name: string, role?: "gateway" | "telemetry"): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      labels: {
        ...platformLabels(engine),
        ...(role === undefined ? {} : { [keys.role]: role }),
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "latest",
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/warn-version": "latest",
      },
    },
  };
}
