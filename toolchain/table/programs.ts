import type { GoTool } from "../kinds";

/** What the commands themselves run. */
export const projectTools = {
  pulumi: {
    kind: "go",
    purpose: "the Pulumi engine",
    version: "3.259.0",
    packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
    programs: ["pulumi"],
    stamps: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.259.0" },
    seconds: 210,
    size: 110,
  },
  "pulumi-resource-kubernetes": {
    kind: "go",
    purpose: "the Pulumi provider of Kubernetes resources",
    version: "1",
    packages: ["."],
    programs: ["pulumi-resource-kubernetes"],
    seconds: 100,
    size: 60,
  },
  helm: {
    kind: "go",
    purpose: "renders the charts of engines",
    version: "4.2.3",
    packages: ["helm.sh/helm/v4/cmd/helm"],
    programs: ["helm"],
    stamps: { "helm.sh/helm/v4/internal/version.version": "v4.2.3" },
    seconds: 60,
    size: 60,
  },
  cel: {
    kind: "go",
    purpose: "judges objects by policies with the API server's own library",
    version: "1.37.2",
    packages: ["."],
    programs: ["cel"],
    seconds: 100,
    size: 65,
  },
  "pulumi-language-nodejs": {
    kind: "go",
    purpose: "runs Pulumi programs and policy packs in Node",
    version: "1",
    packages: ["."],
    programs: ["pulumi-language-nodejs"],
    seconds: 30,
    size: 25,
  },
} as const satisfies Record<string, GoTool>;
