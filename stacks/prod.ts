import { company } from "./company/identity";
import { aws, azure, defineStack, existing } from "./stack";

/** What customers use: two clouds and the company's own cluster, each of which serves alone when the others are down. */
export default defineStack({
  environment: "prod",
  clusters: {
    "aws-eu": aws({
      ...company.aws,
      region: "eu-central-1",
      network: { cidr: "10.30.0.0/16" },
      nodes: { architectures: ["amd64", "arm64"], maxCpu: 512, maxMemory: "2048Gi" },
      sharedStorage: true,
      logRetentionDays: 365,
      domains: ["example.com"],
      tags: company.tags,
      labels: { region: "eu" },
    }),
    "azure-eu": azure({
      ...company.azure,
      region: "westeurope",
      globalName: "exampleprodeu",
      network: { cidr: "10.31.0.0/16" },
      nodes: { maxCpu: 512, maxMemory: "2048Gi" },
      tags: company.tags,
      labels: { region: "eu" },
    }),
    datacenter: existing({
      context: "datacenter",
      // Declared in full, so that apps can be previewed from a machine that doesn't reach it.
      facts: {
        loadBalancer: "cloud",
        storageClass: "ceph-block",
        volumeExpansion: true,
        zones: ["hall-1", "hall-2"],
        identity: "none",
        registry: "registry.example.com/prod",
        architectures: ["amd64"],
        nodes: "fixed",
      },
      labels: { region: "datacenter" },
    }),
  },
  domain: "example.com",
  // One replica can go at any time; customers must not notice.
  scaling: { floor: 2 },
  policy: { minimumReplicas: 2, backupRetentionDays: 30 },
});
