/** Namespace of KEDA and its HTTP add-on; upstream's manifests know no other. */
export const kedaNamespace = "keda";
