import { company } from "./company/identity";
import { aws, azure, defineStack } from "./stack";

/** Production in small: both clouds, so that what differs between them shows here. */
export default defineStack({
  environment: "staging",
  clusters: {
    "aws-eu": aws({
      ...company.aws,
      region: "eu-central-1",
      network: { cidr: "10.20.0.0/16", nat: "single" },
      endpoint: { publicCidrs: company.trustedCidrs },
      nodes: { maxCpu: 64, maxMemory: "256Gi" },
      domains: ["staging.example.com"],
      tags: company.tags,
    }),
    "azure-eu": azure({
      ...company.azure,
      region: "westeurope",
      globalName: "examplestageu",
      network: { cidr: "10.21.0.0/16" },
      endpoint: { publicCidrs: company.trustedCidrs },
      nodes: { maxCpu: 64, maxMemory: "256Gi" },
      tags: company.tags,
    }),
  },
  domain: "staging.example.com",
});
