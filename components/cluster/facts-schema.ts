import { z } from "zod";
import type { ClusterFacts } from "./facts";

const text = z.string().min(1);
const texts = z.record(text, z.string());

/** The schema of a cluster's facts, in stack files and in release files. */
export const factsSchema = z.strictObject({
  loadBalancer: z.enum(["cloud", "loopback", "none"]),
  loadBalancerAnnotations: texts.exactOptional(),
  loadBalancerPorts: z.int().min(3).exactOptional(),
  loadBalancerAddresses: z.array(text).min(1).exactOptional(),
  storageClass: text,
  volumeExpansion: z.boolean(),
  zones: z.array(text).min(1),
  identity: z.enum(["aws-pod-identity", "azure-workload-identity", "none"]),
  registry: text,
  architectures: z.array(z.enum(["amd64", "arm64"])).min(1),
  nodes: z.enum(["fixed", "karpenter", "eks-auto-mode", "aks-auto-provisioning"]),
  version: text.exactOptional(),
  sharedStorageClass: text.exactOptional(),
  sharedFileSystem: text.exactOptional(),
  mirrors: texts.exactOptional(),
  dnsZones: z.array(text).exactOptional(),
  azureDns: z.strictObject({ tenant: text, subscription: text, resourceGroup: text }).exactOptional(),
  backups: z
    .discriminatedUnion("plugin", [
      z.strictObject({ plugin: z.literal("aws"), bucket: text, region: text }),
      z.strictObject({
        plugin: z.literal("azure"),
        container: text,
        storageAccount: text,
        resourceGroup: text,
        subscription: text,
      }),
    ])
    .exactOptional(),
  identities: z
    .strictObject({ dns: text.exactOptional(), certificates: text.exactOptional(), backups: text.exactOptional() })
    .exactOptional(),
  installed: texts.exactOptional(),
}) satisfies z.ZodType<ClusterFacts>;

/** Facts of which any may be missing: what a person declares about a cluster that the rest is read from. */
export const someFactsSchema = factsSchema.partial();
