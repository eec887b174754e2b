import { z } from "zod";
import * as common from "../definition";

/** The schema of an AKS cluster in a stack file. */
export const azureCluster = z.strictObject({
  kind: z.literal("azure"),
  /** Azure subscription the cluster lives in. */
  subscription: z.guid(),
  /** Entra tenant of the subscription. */
  tenant: z.guid(),
  /** Region, for example `westeurope`. */
  region: z.string(),
  /**
   * Start of names that have to be unique in all of Azure (registry, key vault, storage account): 5 to 15 lower-case letters and digits, for
   * example `acmeprodeu`.
   */
  globalName: z
    .string()
    .regex(/^[a-z][a-z0-9]{4,14}$/, "must be 5 to 15 lower-case letters and digits, first a letter"),
  version: common.version,
  /** The virtual network. Pods have addresses of their own (overlay), outside it. */
  network: z
    .strictObject({
      /** Addresses of the virtual network: /16 to /22 out of RFC 1918. Every node takes one. Default: 10.1.0.0/16. */
      cidr: common.network.default("10.1.0.0/16"),
      /** Addresses of pods; a node takes a /24 of them. Default: 10.244.0.0/16. */
      podCidr: common.network.default("10.244.0.0/16"),
      /** Addresses of Kubernetes Services. Default: 172.21.0.0/16. */
      serviceCidr: common.network.default("172.21.0.0/16"),
      /** Availability zones by number, two or three. Default: 1, 2, 3. */
      zones: z.array(z.enum(["1", "2", "3"])).default(["1", "2", "3"]),
    })
    .prefault({}),
  endpoint: common.endpoint,
  loadBalancer: common.loadBalancer,
  /** Entra groups (object ids) whose members administer the cluster; local accounts are off. */
  admins: z.array(z.guid()).min(1),
  /** Entra groups (object ids) that may look at everything but Secrets. Default: none. */
  viewers: z.array(z.guid()).default([]),
  nodes: common.nodes,
  /** Nodes for the cluster's own add-ons, one per zone. */
  systemNodes: z
    .strictObject({
      /** VM size. Default: Standard_D4ads_v6 (4 vCPUs, 16 GiB, local disk for the operating system). */
      size: z
        .string()
        .regex(/^Standard_\w+$/, "must be a VM size such as Standard_D4ads_v6")
        .default("Standard_D4ads_v6"),
    })
    .prefault({}),
  /** Whether metrics also go to Azure Monitor. Default: false; the platform has its own telemetry. */
  monitor: z.boolean().default(false),
  backups: common.backups,
  domains: common.domains,
  mirrors: common.mirrors,
  deletionProtection: common.deletionProtection,
  tags: common.tags,
});

/** An AKS cluster as its stack file describes it, defaults filled in. */
export type AzureDefinition = z.output<typeof azureCluster>;
