import { type AwsDefinition, awsCluster } from "../../components/cluster/aws/definition";
import { type AzureDefinition, azureCluster } from "../../components/cluster/azure/definition";
import type { Answers } from "./record";

/** An EKS cluster with everything switched on. */
export const awsExample: AwsDefinition = awsCluster.parse({
  kind: "aws",
  account: "123456789012",
  region: "eu-central-1",
  endpoint: { publicCidrs: ["203.0.113.0/24"] },
  admins: ["arn:aws:iam::123456789012:role/platform"],
  viewers: ["arn:aws:iam::123456789012:role/team/developers"],
  nodes: { architectures: ["amd64", "arm64"], capacity: ["spot", "on-demand"] },
  sharedStorage: true,
  domains: ["prod.example.com"],
  tags: { "cost-center": "platform" },
});

/** An AKS cluster with everything switched on. */
export const azureExample: AzureDefinition = azureCluster.parse({
  kind: "azure",
  subscription: "11111111-2222-4333-8444-555555555555",
  tenant: "66666666-7777-4888-8999-000000000000",
  region: "westeurope",
  globalName: "acmeprodeu",
  endpoint: { publicCidrs: ["203.0.113.0/24"] },
  admins: ["aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"],
  viewers: ["bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"],
  monitor: true,
  domains: ["eu.example.com"],
  tags: { "cost-center": "platform" },
});

/** Outputs that a cloud computes, made from names so that golden files stay readable. */
export const cloudAnswers: Answers = (type, name) => ({
  arn: `arn:${name}`,
  ...(type === "aws:eks/cluster:Cluster"
    ? {
        endpoint: "https://eks.example.com",
        certificateAuthority: { data: "Y2E=" },
        vpcConfig: { clusterSecurityGroupId: "sg-cluster" },
      }
    : {}),
  ...(type === "aws:route53/zone:Zone" || type === "azure-native:dns:Zone"
    ? { nameServers: ["ns1.example.net", "ns2.example.net"] }
    : {}),
  ...(type.startsWith("azure-native:") ? { name: `${name}-made` } : {}),
  ...(type === "azure-native:managedidentity:UserAssignedIdentity"
    ? { principalId: `${name}-principal`, clientId: `${name}-client` }
    : {}),
  ...(type === "azure-native:keyvault:Key"
    ? { keyUriWithVersion: "https://vault.example.com/keys/kubernetes-secrets/1" }
    : {}),
  ...(type === "azure-native:containerservice:ManagedCluster"
    ? { oidcIssuerProfile: { issuerURL: "https://issuer.example.com/" } }
    : {}),
});

/** Answers of provider functions. */
export function cloudInvoke(token: string): Record<string, unknown> {
  if (token !== "azure-native:containerservice:listManagedClusterUserCredentials")
    throw new Error(`unexpected call of ${token}`);
  const file = JSON.stringify({
    clusters: [{ name: "made", cluster: { server: "https://aks.example.com", "certificate-authority-data": "Y2E=" } }],
  });
  return { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(file).toString("base64") }] };
}
