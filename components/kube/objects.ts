import type { k8s } from "./k8s";

/** What cdk8s's typed properties look like once they are rendered: plain data that may be changed. */
type Plain<T> = T extends k8s.Quantity | k8s.IntOrString
  ? string | number
  : T extends Date
    ? string
    : T extends readonly (infer Item)[]
      ? Plain<Item>[]
      : T extends object
        ? { -readonly [Key in keyof T]: Plain<T[Key]> }
        : T;

interface Header<Version extends string, Kind extends string> {
  readonly apiVersion: Version;
  readonly kind: Kind;
  metadata: { readonly name: string; readonly namespace?: string } & Plain<k8s.ObjectMeta>;
}
type Typed<Version extends string, Kind extends string, Props> = Header<Version, Kind> & Omit<Plain<Props>, "metadata">;

/** The plain objects that apps are rendered to, by kind. */
export interface Objects {
  ConfigMap: Typed<"v1", "ConfigMap", k8s.KubeConfigMapProps>;
  CronJob: Typed<"batch/v1", "CronJob", k8s.KubeCronJobProps>;
  DaemonSet: Typed<"apps/v1", "DaemonSet", k8s.KubeDaemonSetProps>;
  Deployment: Typed<"apps/v1", "Deployment", k8s.KubeDeploymentProps>;
  Job: Typed<"batch/v1", "Job", k8s.KubeJobProps>;
  NetworkPolicy: Typed<"networking.k8s.io/v1", "NetworkPolicy", k8s.KubeNetworkPolicyProps>;
  PersistentVolumeClaim: Typed<"v1", "PersistentVolumeClaim", k8s.KubePersistentVolumeClaimProps>;
  PodDisruptionBudget: Typed<"policy/v1", "PodDisruptionBudget", k8s.KubePodDisruptionBudgetProps>;
  Secret: Typed<"v1", "Secret", k8s.KubeSecretProps>;
  Service: Typed<"v1", "Service", k8s.KubeServiceProps>;
  ServiceAccount: Typed<"v1", "ServiceAccount", k8s.KubeServiceAccountProps>;
  StatefulSet: Typed<"apps/v1", "StatefulSet", k8s.KubeStatefulSetProps>;
}
