import { company } from "./company/identity";
import { aws, defineStack } from "./stack";

/** Where changes go first: one small cluster that may lose nodes at any time. */
export default defineStack({
  environment: "dev",
  clusters: {
    "aws-eu": aws({
      ...company.aws,
      region: "eu-central-1",
      network: { cidr: "10.10.0.0/16", nat: "single" },
      endpoint: { publicCidrs: company.trustedCidrs },
      nodes: { capacity: ["spot", "on-demand"], maxCpu: 32, maxMemory: "128Gi" },
      backups: { retention: "7d" },
      domains: ["dev.example.com"],
      deletionProtection: false,
      tags: company.tags,
    }),
  },
  domain: "dev.example.com",
  policy: { enforcement: "audit" },
});
