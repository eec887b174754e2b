/** A kind of Kubernetes object as rules match it. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  /** Plural name in the API, for example `deployments`. */
  readonly resource: string;
  /** Subresources whose requests carry the whole object and are judged too. Default: none. */
  readonly subresources?: readonly string[];
}

/** Every kind that a rule may match. */
export const kinds = {
  // `kubectl debug` adds ephemeral containers through the subresource.
  Pod: { apiVersion: "v1", kind: "Pod", resource: "pods", subresources: ["ephemeralcontainers"] },
  Deployment: { apiVersion: "apps/v1", kind: "Deployment", resource: "deployments" },
  StatefulSet: { apiVersion: "apps/v1", kind: "StatefulSet", resource: "statefulsets" },
  DaemonSet: { apiVersion: "apps/v1", kind: "DaemonSet", resource: "daemonsets" },
  Job: { apiVersion: "batch/v1", kind: "Job", resource: "jobs" },
  CronJob: { apiVersion: "batch/v1", kind: "CronJob", resource: "cronjobs" },
  Namespace: { apiVersion: "v1", kind: "Namespace", resource: "namespaces" },
  PersistentVolumeClaim: { apiVersion: "v1", kind: "PersistentVolumeClaim", resource: "persistentvolumeclaims" },
  Secret: { apiVersion: "v1", kind: "Secret", resource: "secrets" },
  Service: { apiVersion: "v1", kind: "Service", resource: "services" },
  Ingress: { apiVersion: "networking.k8s.io/v1", kind: "Ingress", resource: "ingresses" },
  NetworkPolicy: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", resource: "networkpolicies" },
  PodDisruptionBudget: { apiVersion: "policy/v1", kind: "PodDisruptionBudget", resource: "poddisruptionbudgets" },
  HorizontalPodAutoscaler: {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    resource: "horizontalpodautoscalers",
  },
  Role: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", resource: "roles" },
  ClusterRole: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", resource: "clusterroles" },
  RoleBinding: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", resource: "rolebindings" },
  ClusterRoleBinding: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    resource: "clusterrolebindings",
  },
  Gateway: { apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway", resource: "gateways" },
  HTTPRoute: { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", resource: "httproutes" },
  GRPCRoute: { apiVersion: "gateway.networking.k8s.io/v1", kind: "GRPCRoute", resource: "grpcroutes" },
  TLSRoute: { apiVersion: "gateway.networking.k8s.io/v1", kind: "TLSRoute", resource: "tlsroutes" },
  ScaledObject: { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", resource: "scaledobjects" },
} as const satisfies Record<string, Kind>;

/** Where the pod lies in each kind that carries one, as a path in CEL. ReplicaSets are left to the pods that they make. */
export const podPaths = {
  Pod: "spec",
  Deployment: "spec.template.spec",
  StatefulSet: "spec.template.spec",
  DaemonSet: "spec.template.spec",
  Job: "spec.template.spec",
  CronJob: "spec.jobTemplate.spec.template.spec",
} as const satisfies Partial<Record<keyof typeof kinds, string>>;

/** The kinds that carry a pod. */
export const podKinds: readonly Kind[] = (Object.keys(podPaths) as (keyof typeof podPaths)[]).map(
  (name) => kinds[name],
);

/** The kinds whose pods run until they are told to stop. */
export const serverKinds: readonly Kind[] = [kinds.Deployment, kinds.StatefulSet, kinds.DaemonSet];
