/**
 * The typed Kubernetes objects of cdk8s-plus-27 (its L1 classes have no hidden defaults). The release for 1.27 is a requirement
 * of the product; a field younger than Kubernetes 1.27 (a sidecar's `restartPolicy`, `sleep`, `trafficDistribution`) is set with
 * `patchRendered` (render.ts), since the classes drop what they do not know.
 */
export * as k8s from "cdk8s-plus-27/lib/imports/k8s";
