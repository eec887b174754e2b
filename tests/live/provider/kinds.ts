import { container, labels, podSpec, workload, type Mode, type Setting } from "./workloads";

/** One kind of the matrix. */
export interface Kind {
  readonly kind: string;
  readonly apiVersion: string;
  readonly plural: string;
  readonly clusterScoped?: true;
  /** All of an object beside its metadata. */
  readonly body: (setting: Setting) => object;
  readonly annotations?: (setting: Setting) => Record<string, string>;
  /** Names that the API dictates. */
  readonly name?: (setting: Setting) => string;
  /** Property whose change replaces the object; none where only another name makes another object. */
  readonly replacedBy: string;
  /** What the error says when an object of this kind never gets ready; none for kinds that are ready when they exist. */
  readonly failure?: RegExp;
  /** Kinds that get ready after a while. */
  readonly canBeSlow?: true;
  /** Fields of the status that count the pods of the newest version. */
  readonly rolls?: readonly string[];
}

const rule = (resource: string): object => ({ apiGroups: [""], resources: [resource], verbs: ["get"] });
const subject = { kind: "ServiceAccount", name: "default", namespace: "default" };
const roleRef = (kind: string, second: boolean): object => ({
  apiGroup: "rbac.authorization.k8s.io",
  kind,
  name: second ? "view" : "edit",
});

const ingressClass: Record<Mode, string> = { ready: "now", slow: "late", failing: "never" };
const storageClass: Record<Mode, string> = { ready: "standard", slow: "late", failing: "nowhere" };
const selected: Record<Mode, string> = { ready: "backing", slow: "late", failing: "nobody" };

const rbac = "rbac.authorization.k8s.io/v1";
const byName = "metadata.name";

/** The kinds of the matrix: built-in ones with and without a rule of readiness, a definition, and a kind of a definition. */
export const kinds: readonly Kind[] = [
  {
    kind: "Namespace",
    apiVersion: "v1",
    plural: "namespaces",
    clusterScoped: true,
    body: () => ({}),
    replacedBy: byName,
  },
  {
    kind: "ConfigMap",
    apiVersion: "v1",
    plural: "configmaps",
    body: ({ replaced }) => ({ data: { key: replaced ? "second" : "first" } }),
    replacedBy: "data.key",
  },
  {
    kind: "Secret",
    apiVersion: "v1",
    plural: "secrets",
    body: ({ replaced }) => ({ stringData: { password: replaced ? "second-password" : "first-password" } }),
    replacedBy: "data.password",
  },
  { kind: "ServiceAccount", apiVersion: "v1", plural: "serviceaccounts", body: () => ({}), replacedBy: byName },
  {
    kind: "Role",
    apiVersion: rbac,
    plural: "roles",
    body: () => ({ rules: [rule("pods")] }),
    replacedBy: byName,
  },
  {
    kind: "RoleBinding",
    apiVersion: rbac,
    plural: "rolebindings",
    body: ({ replaced }) => ({ roleRef: roleRef("ClusterRole", replaced), subjects: [subject] }),
    replacedBy: "roleRef.name",
  },
  {
    kind: "ClusterRole",
    apiVersion: rbac,
    plural: "clusterroles",
    clusterScoped: true,
    body: () => ({ rules: [rule("nodes")] }),
    replacedBy: byName,
  },
  {
    kind: "NetworkPolicy",
    apiVersion: "networking.k8s.io/v1",
    plural: "networkpolicies",
    body: () => ({ spec: { podSelector: { matchLabels: labels } } }),
    replacedBy: byName,
  },
  {
    kind: "PodDisruptionBudget",
    apiVersion: "policy/v1",
    plural: "poddisruptionbudgets",
    body: () => ({ spec: { minAvailable: 1, selector: { matchLabels: labels } } }),
    replacedBy: byName,
  },
  {
    kind: "CronJob",
    apiVersion: "batch/v1",
    plural: "cronjobs",
    body: (setting) => ({
      spec: {
        schedule: "0 0 1 1 *",
        jobTemplate: { spec: { template: { spec: podSpec(setting, ["crash"], { restartPolicy: "Never" }) } } },
      },
    }),
    replacedBy: byName,
  },
  {
    kind: "Deployment",
    apiVersion: "apps/v1",
    plural: "deployments",
    body: (setting) => ({ spec: { replicas: 1, ...workload("Deployment", setting) } }),
    replacedBy: "spec.selector.matchLabels.second",
    failure:
      /(CrashLoopBackOff|terminated|running again, not ready): Error, exit code 3\n\s+last log lines:\n\s+the database is missing/,
    canBeSlow: true,
    rolls: ["updatedReplicas", "readyReplicas"],
  },
  {
    kind: "StatefulSet",
    apiVersion: "apps/v1",
    plural: "statefulsets",
    body: (setting) => {
      const spec = workload("StatefulSet", { ...setting, replaced: false });
      if (setting.mode === "failing") {
        spec["template"] = {
          metadata: (spec["template"] as { metadata: object }).metadata,
          spec: {
            ...podSpec(setting, []),
            containers: [{ ...container("registry.petrichor.internal/no/such:1", "serve"), imagePullPolicy: "Never" }],
          },
        };
      }
      // In order, a pod that can't start would never be exchanged for one that can.
      const podManagementPolicy = "Parallel";
      return {
        spec: { replicas: 1, podManagementPolicy, serviceName: setting.replaced ? "second" : "first", ...spec },
      };
    },
    replacedBy: "spec.serviceName",
    failure: /ErrImageNeverPull/,
    canBeSlow: true,
    rolls: ["updatedReplicas", "readyReplicas"],
  },
  {
    kind: "DaemonSet",
    apiVersion: "apps/v1",
    plural: "daemonsets",
    body: (setting) => ({ spec: workload("DaemonSet", setting) }),
    replacedBy: "spec.selector.matchLabels.second",
    failure: /the database is missing/,
    canBeSlow: true,
    rolls: ["updatedNumberScheduled", "numberReady"],
  },
  {
    kind: "Job",
    apiVersion: "batch/v1",
    plural: "jobs",
    body: (setting) => ({
      spec: {
        backoffLimit: 0,
        template: {
          metadata: { labels: { app: "matrix-job", ...(setting.replaced && { second: "yes" }) } },
          spec: {
            ...podSpec({ ...setting, mode: "ready" }, []),
            restartPolicy: "Never",
            containers: [
              container(
                setting.image,
                ...{ ready: ["work", "0s"], slow: ["work", "3s"], failing: ["crash", "bad input in line 7"] }[
                  setting.mode
                ],
              ),
            ],
          },
        },
      },
    }),
    replacedBy: "spec.template.metadata.labels.second",
    failure: /job failed: BackoffLimitExceeded[\s\S]*bad input in line 7/,
    canBeSlow: true,
  },
  {
    kind: "Pod",
    apiVersion: "v1",
    plural: "pods",
    body: (setting) => ({
      spec: podSpec({ ...setting, mode: setting.mode === "failing" ? "ready" : setting.mode }, [], {
        ...(setting.mode === "failing" && { nodeSelector: { nowhere: "yes" } }),
        hostname: setting.replaced ? "second" : "first",
      }),
    }),
    replacedBy: "spec.hostname",
    failure: /Unschedulable/,
    canBeSlow: true,
  },
  {
    kind: "Service",
    apiVersion: "v1",
    plural: "services",
    body: ({ mode, replaced }) => ({
      spec: { selector: { app: selected[mode] }, ports: [{ port: 80 }], ...(replaced && { clusterIP: "None" }) },
    }),
    replacedBy: "spec.clusterIP",
    failure: /does not target any ready pods/,
    canBeSlow: true,
  },
  {
    kind: "Ingress",
    apiVersion: "networking.k8s.io/v1",
    plural: "ingresses",
    body: ({ mode }) => ({
      spec: {
        ingressClassName: ingressClass[mode],
        rules: [
          {
            host: "matrix.example",
            http: {
              paths: [
                { path: "/", pathType: "Prefix", backend: { service: { name: "backing", port: { number: 80 } } } },
              ],
            },
          },
        ],
      },
    }),
    replacedBy: byName,
    failure: /not given an address/,
    canBeSlow: true,
  },
  {
    kind: "PersistentVolumeClaim",
    apiVersion: "v1",
    plural: "persistentvolumeclaims",
    body: ({ mode, replaced }) => ({
      spec: {
        accessModes: [replaced ? "ReadWriteOncePod" : "ReadWriteOnce"],
        storageClassName: storageClass[mode],
        resources: { requests: { storage: "1Mi" } },
      },
    }),
    replacedBy: "spec.accessModes[0]",
    failure: /claim is Pending/,
    canBeSlow: true,
  },
  {
    kind: "CustomResourceDefinition",
    apiVersion: "apiextensions.k8s.io/v1",
    plural: "customresourcedefinitions",
    clusterScoped: true,
    name: ({ scenario, replaced }) => `${replaced ? "others" : "things"}.${scenario}.petrichor.test`,
    body: ({ mode, scenario, replaced }) => definition(scenario, replaced ? "Other" : "Thing", mode === "failing"),
    replacedBy: byName,
    failure: /conflict|is already in use/,
  },
  {
    kind: "Widget",
    apiVersion: "petrichor.test/v1",
    plural: "widgets",
    annotations: ({ mode }) => (mode === "ready" ? {} : { "pulumi.com/waitFor": "condition=Ready" }),
    body: ({ mode }) => ({ spec: { size: 1, class: mode } }),
    replacedBy: byName,
    failure: /condition Ready/,
    canBeSlow: true,
  },
];

/** A definition; one that clashes wants the short name that another one of its group has. */
export function definition(scenario: string, kind: string, clashes = false): object {
  const singular = kind.toLowerCase();
  return {
    spec: {
      group: `${scenario}.petrichor.test`,
      scope: "Namespaced",
      names: { kind, singular, plural: `${singular}s`, listKind: clashes ? "TakenList" : `${kind}List` },
      versions: [version],
    },
  };
}

export const version = {
  name: "v1",
  served: true,
  storage: true,
  subresources: { status: {} },
  schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
};
