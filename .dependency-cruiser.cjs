/* global module */
const forbid = (name, from, to) => ({ name, severity: "error", from: { path: from }, to: { path: to } });

/** Which way imports may go; the map of the project says why. */
const rules = [
  {
    // Types vanish before a program runs: two files may name each other's.
    name: "no import leads back to where it came from",
    severity: "error",
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
  },
  forbid("components know nothing of who uses them", "^components/", "^(apps|cli|policies|stacks|toolchain|index)"),
  forbid("kube is a leaf", "^components/kube/", "^components/(?!kube/|errors|error-codes)"),
  forbid("deploy knows objects only", "^components/deploy/", "^components/(?!deploy/|kube/|errors|error-codes)"),
  forbid(
    "definitions and models know no engine",
    "^components/app/(definition|model)/",
    "node_modules/(@pulumi|cdk8s)",
  ),
  forbid("objects know no engine", "^components/app/objects/", "node_modules/@pulumi"),
  forbid(
    "app and platform know the contract of clusters, not the clouds",
    "^components/(app|platform)/",
    "^components/cluster/(?!cluster\\.ts|facts\\.ts|identities\\.ts|address-ranges\\.ts)",
  ),
  forbid("an app knows no engine of the platform", "^components/app/", "^components/platform/"),
  forbid(
    "rules know types of objects only",
    "^policies/rules/",
    "^(apps|cli|stacks|toolchain|components/(?!kube/)|policies/(pack|admission|evaluator|judge|settings)\\.ts|node_modules)",
  ),
  forbid(
    "the schema of stacks knows definitions only",
    "^stacks/stack\\.ts$",
    "^(cli|policies|toolchain|components/(?!(cluster/(aws|azure)/definition|cluster/facts-schema|platform/definition|policy/settings)\\.ts$))",
  ),
  forbid("the composition root knows stacks and components", "^index\\.ts$", "^(apps|cli|policies|toolchain)/"),
  forbid("apps know definitions only", "^apps/", "^(cli|policies|stacks|toolchain|components/(?!app/definition))"),
  forbid(
    "the toolchain knows nothing of the product",
    "^toolchain/",
    "^(apps|cli|policies|stacks|components/(app|deploy))",
  ),
  forbid(
    "stack files are plain data",
    "^stacks/(?!project|connect|infrastructure|stack)[^/]+\\.ts$",
    "^(cli|policies|toolchain|components|node_modules)",
  ),
];

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: rules,
  options: {
    exclude: { path: "^(toolchain/go|apps/[^/]+/src|policies/dist)" },
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
