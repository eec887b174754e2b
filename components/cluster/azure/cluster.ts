import { Provider } from "@pulumi/azure-native/provider";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterFacts } from "../facts";
import type { ClusterInfrastructure } from "../infrastructure";
import { AzureBackups } from "./backups";
import { AzureControlPlane } from "./control-plane";
import type { AzureDefinition } from "./definition";
import { AzureDns } from "./dns";
import { azureFacts, type AzurePlace, clusterName } from "./facts";
import { AzureNodeIdentities } from "./identities";
import { AzureKeys } from "./keys";
import { azureKubeconfig } from "./kubeconfig";
import { AzureNetwork } from "./network";
import { AzureRegistry } from "./registry";

export interface AzureClusterArgs {
  readonly environment: string;
  readonly definition: AzureDefinition;
}

/** An AKS cluster with everything in Azure that the platform needs: network, key vault, registry, DNS zones, backup storage. */
export class AzureCluster extends pulumi.ComponentResource implements ClusterInfrastructure {
  readonly kubeconfig: pulumi.Output<string>;
  readonly facts: pulumi.Output<ClusterFacts>;
  readonly nameServers: pulumi.Output<Readonly<Record<string, readonly string[]>>>;

  /** @param name Name of the cluster in its stack; names of all its parts begin with it. */
  constructor(name: string, { environment, definition }: AzureClusterArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("petrichor:cluster:AzureCluster", name, {}, opts);
    const place: AzurePlace = { environment, cluster: name, definition };
    const { subscription: subscriptionId, tenant: tenantId, region: location } = definition;
    const provider = new Provider(name, { subscriptionId, tenantId, location }, { parent: this });
    const part = { parent: this, provider };
    const tags = { ...definition.tags, "petrichor:environment": environment, "petrichor:cluster": name };

    const group = new resources.ResourceGroup(
      name,
      { resourceGroupName: clusterName(place), location, tags },
      { ...part, protect: definition.deletionProtection },
    );
    const resourceGroupName = group.name;
    const common = { place, resourceGroupName, tags };
    const network = new AzureNetwork(`${name}-network`, { definition, resourceGroupName, tags }, part);
    const keys = new AzureKeys(`${name}-keys`, common, part);
    const identities = new AzureNodeIdentities(
      `${name}-identities`,
      {
        ...common,
        vaultId: keys.vault.id,
        subnetIds: { nodes: network.nodesSubnetId, "api-server": network.apiServerSubnetId },
      },
      part,
    );
    const { cluster, issuer } = new AzureControlPlane(
      `${name}-control-plane`,
      { ...common, network, keys, identities },
      part,
    );
    new AzureRegistry(`${name}-registry`, { ...common, kubeletPrincipalId: identities.kubelet.principalId }, part);
    const dns = definition.domains.length > 0 ? new AzureDns(`${name}-dns`, { ...common, issuer }, part) : undefined;
    const backups = new AzureBackups(`${name}-backups`, { ...common, issuer }, part);

    this.kubeconfig = azureKubeconfig(
      { tenant: tenantId, clusterName: clusterName(place), resourceGroupName, cluster },
      { parent: this, provider },
    );
    this.facts = pulumi.output({ ...azureFacts(place), identities: { ...dns?.clientIds, backups: backups.clientId } });
    this.nameServers = pulumi.output(dns?.nameServers ?? {});
    this.registerOutputs({ kubeconfig: this.kubeconfig, facts: this.facts, nameServers: this.nameServers });
  }
}
