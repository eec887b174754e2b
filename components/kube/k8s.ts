/** The typed Kubernetes objects of cdk8s (its L1 classes have no hidden defaults). */
export * as k8s from "cdk8s-plus-34/lib/imports/k8s";
