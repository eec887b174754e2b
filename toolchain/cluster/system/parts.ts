import type { KubeObject } from "../../../components/kube/object";

interface Name {
  readonly name: string;
  readonly namespace: string;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

type Subject =
  | { readonly kind: "ServiceAccount"; readonly name: string; readonly namespace: string }
  | { readonly kind: "User"; readonly apiGroup: "rbac.authorization.k8s.io"; readonly name: string };

const managedBy = { "app.kubernetes.io/managed-by": "petrichor" } as const;
const rbac = "rbac.authorization.k8s.io";

/** What the Pod Security Standard "restricted" asks of a pod. */
export const restrictedPod = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  enableServiceLinks: false,
} as const;

/** What it asks of a container, and a file system that nobody can write to. */
export const restrictedContainer = {
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
  // The images are put into the node at its start; there is nowhere to pull them from.
  imagePullPolicy: "Never",
} as const;

export function inNamespace(apiVersion: string, kind: string, name: Name, rest: Record<string, unknown>): KubeObject {
  return { apiVersion, kind, metadata: { ...name, labels: managedBy }, ...rest };
}

export function clusterWide(apiVersion: string, kind: string, name: string, rest: Record<string, unknown>): KubeObject {
  return { apiVersion, kind, metadata: { name, labels: managedBy }, ...rest };
}

export function namespace(name: string, podSecurity: "privileged" | "baseline" | "restricted"): KubeObject {
  const labels = { ...managedBy, "pod-security.kubernetes.io/enforce": podSecurity };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

export function clusterRole(name: string, rules: readonly Rule[]): KubeObject {
  return clusterWide(`${rbac}/v1`, "ClusterRole", name, { rules });
}

export function clusterRoleBinding(name: string, role: string, subjects: readonly Subject[]): KubeObject {
  return clusterWide(`${rbac}/v1`, "ClusterRoleBinding", name, {
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: role },
    subjects,
  });
}

export function role(name: Name, rules: readonly Rule[]): KubeObject {
  return inNamespace(`${rbac}/v1`, "Role", name, { rules });
}

export function roleBinding(name: Name, subjects: readonly Subject[]): KubeObject {
  return inNamespace(`${rbac}/v1`, "RoleBinding", name, {
    roleRef: { apiGroup: rbac, kind: "Role", name: name.name },
    subjects,
  });
}

export function user(name: string): Subject {
  return { kind: "User", apiGroup: rbac, name };
}
