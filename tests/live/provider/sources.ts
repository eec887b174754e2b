/** Where each expectation of the matrix comes from: what the official plugin's documentation, schema and threads say. */
export const sources = {
  api: "https://www.pulumi.com/docs/iac/concepts/how-pulumi-works/",
  apply: "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/",
  awaitLogic: "https://pulumi.com/blog/improving-kubernetes-management-with-pulumis-await-logic/",
  awaitAll: "https://github.com/pulumi/pulumi-kubernetes/issues/1260",
  cancel: "https://github.com/pulumi/pulumi-kubernetes/pull/368",
  clientSideCreate: "https://github.com/pulumi/pulumi-kubernetes/pull/4278",
  conflicts:
    "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources",
  crdReplace: "https://github.com/pulumi/pulumi-kubernetes/pull/3096",
  deletionOutOfBand: "https://github.com/pulumi/pulumi-kubernetes/pull/530",
  import: "https://github.com/pulumi/pulumi-kubernetes/pull/477",
  initErrors: "https://github.com/pulumi/pulumi/pull/1836",
  notDuplicated: "https://github.com/pulumi/pulumi/issues/992",
  prunedDiff: "https://github.com/pulumi/pulumi-kubernetes/pull/2445",
  replace: "https://github.com/pulumi/pulumi-kubernetes/pull/324",
  schema: "@pulumi/kubernetes 4.34.2: ProviderArgs and the resources' own documentation",
  unreachable: "https://github.com/pulumi/pulumi-kubernetes/pull/1379",
  unreachableRefresh: "https://github.com/pulumi/pulumi-kubernetes/pull/1522",
  unreachableForgotten: "https://github.com/pulumi/pulumi-kubernetes/pull/2489",
} as const;
