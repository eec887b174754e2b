import type { ClusterFacts } from "../facts";
import { blockStorageClass, sharedStorageClass } from "../storage-classes";
import type { AzureDefinition } from "./definition";

/** What names an AKS cluster and its resources: its place in the project. */
export interface AzurePlace {
  readonly environment: string;
  /** Name of the cluster in its stack. */
  readonly cluster: string;
  readonly definition: AzureDefinition;
}

/** Name of the cluster and of its resource group in Azure. */
export function clusterName({ environment, cluster }: AzurePlace): string {
  return `${environment}-${cluster}`;
}

/** Names that are unique in all of Azure. */
export function globalNames({ globalName }: AzureDefinition): {
  registry: string;
  vault: string;
  storageAccount: string;
} {
  return { registry: globalName, vault: `${globalName}-keys`, storageAccount: `${globalName}backups` };
}

/** Name of the container that backups are written to. */
export const backupContainer = "backups";

/** What an AKS cluster is like, from its description alone: enough to render and to preview apps before the cluster exists. */
export function azureFacts(place: AzurePlace): ClusterFacts {
  const { definition } = place;
  const names = globalNames(definition);
  const registryHost = `${names.registry}.azurecr.io`;
  return {
    loadBalancer: "cloud",
    ...(definition.loadBalancer === "internal"
      ? { loadBalancerAnnotations: { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" } }
      : {}),
    loadBalancerPorts: rulesPerNetworkInterface,
    storageClass: blockStorageClass,
    volumeExpansion: true,
    zones: definition.network.zones.map((zone) => `${definition.region}-${zone}`),
    identity: "azure-workload-identity",
    registry: `${registryHost}/${place.environment}`,
    architectures: definition.nodes.architectures,
    nodes: "aks-auto-provisioning",
    version: definition.version,
    sharedStorageClass,
    mirrors: Object.fromEntries(definition.mirrors.map((source) => [source, `${registryHost}/${source}`])),
    dnsZones: definition.domains,
    ...(definition.domains.length === 0
      ? {}
      : {
          azureDns: {
            tenant: definition.tenant,
            subscription: definition.subscription,
            resourceGroup: clusterName(place),
          },
        }),
    backups: {
      plugin: "azure",
      container: backupContainer,
      storageAccount: names.storageAccount,
      resourceGroup: clusterName(place),
      subscription: definition.subscription,
    },
  };
}

/**
 * Load-balancing rules of one network interface, over all of its addresses: fewer than the 1500 of a Standard load balancer.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#load-balancer
 */
const rulesPerNetworkInterface = 300;
