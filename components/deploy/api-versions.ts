/**
 * The apiVersions under which one and the same object has been served, newest first. Moving an object between two of them is an
 * update of the object, never a deletion. Source: the deprecation guide of Kubernetes and the release notes of each project.
 */
const served: Readonly<Record<string, readonly string[]>> = {
  CronJob: ["batch/v1", "batch/v1beta1"],
  EndpointSlice: ["discovery.k8s.io/v1", "discovery.k8s.io/v1beta1"],
  HorizontalPodAutoscaler: ["autoscaling/v2", "autoscaling/v2beta2", "autoscaling/v2beta1", "autoscaling/v1"],
  Ingress: ["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"],
  PodDisruptionBudget: ["policy/v1", "policy/v1beta1"],
  CustomResourceDefinition: ["apiextensions.k8s.io/v1", "apiextensions.k8s.io/v1beta1"],
  MutatingAdmissionPolicy: ["v1", "v1beta1", "v1alpha1"].map((version) => `admissionregistration.k8s.io/${version}`),
  MutatingAdmissionPolicyBinding: ["v1", "v1beta1", "v1alpha1"].map(
    (version) => `admissionregistration.k8s.io/${version}`,
  ),
  ValidatingAdmissionPolicy: ["v1", "v1beta1", "v1alpha1"].map((version) => `admissionregistration.k8s.io/${version}`),
  ValidatingAdmissionPolicyBinding: ["v1", "v1beta1", "v1alpha1"].map(
    (version) => `admissionregistration.k8s.io/${version}`,
  ),
  Gateway: ["v1", "v1beta1", "v1alpha2"].map((version) => `gateway.networking.k8s.io/${version}`),
  GatewayClass: ["v1", "v1beta1", "v1alpha2"].map((version) => `gateway.networking.k8s.io/${version}`),
  HTTPRoute: ["v1", "v1beta1", "v1alpha2"].map((version) => `gateway.networking.k8s.io/${version}`),
  GRPCRoute: ["v1", "v1alpha2"].map((version) => `gateway.networking.k8s.io/${version}`),
  ReferenceGrant: ["v1", "v1beta1", "v1alpha2"].map((version) => `gateway.networking.k8s.io/${version}`),
  TCPRoute: ["v1", "v1alpha2"].map((version) => `gateway.networking.k8s.io/${version}`),
  TLSRoute: ["v1", "v1alpha3", "v1alpha2"].map((version) => `gateway.networking.k8s.io/${version}`),
  UDPRoute: ["v1", "v1alpha2"].map((version) => `gateway.networking.k8s.io/${version}`),
  BackendTLSPolicy: ["v1", "v1alpha3"].map((version) => `gateway.networking.k8s.io/${version}`),
  ExternalSecret: ["external-secrets.io/v1", "external-secrets.io/v1beta1"],
  SecretStore: ["external-secrets.io/v1", "external-secrets.io/v1beta1"],
  ClusterSecretStore: ["external-secrets.io/v1", "external-secrets.io/v1beta1"],
};

/** Every other apiVersion under which this object may have been made by an earlier release of the project. */
export function formerApiVersions(apiVersion: string, kind: string): readonly string[] {
  const versions = served[kind] ?? [];
  return versions.includes(apiVersion) ? versions.filter((version) => version !== apiVersion) : [];
}
