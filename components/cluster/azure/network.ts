import * as network from "@pulumi/azure-native/network";
import * as pulumi from "@pulumi/pulumi";
import { parseBlock } from "../cidr";
import type { AzureDefinition } from "./definition";
import { type AzureSubnets, planSubnets } from "./network-plan";

interface AzureNetworkArgs {
  readonly definition: AzureDefinition;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/** The virtual network of an AKS cluster: a subnet for nodes with egress through NAT, one for the API server. */
export class AzureNetwork extends pulumi.ComponentResource {
  readonly nodesSubnetId: pulumi.Output<string>;
  readonly apiServerSubnetId: pulumi.Output<string>;

  constructor(
    name: string,
    { definition, resourceGroupName, tags }: AzureNetworkArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("petrichor:cluster:AzureNetwork", name, {}, opts);
    const virtualNetwork = new network.VirtualNetwork(
      name,
      { resourceGroupName, addressSpace: { addressPrefixes: [definition.network.cidr] }, tags },
      { parent: this, ignoreChanges: ["subnets"] },
    );
    const plan = subnetPlan(definition);
    const gateway = this.natGateway(name, resourceGroupName, tags);
    const nodes = new network.Subnet(
      `${name}-nodes`,
      {
        resourceGroupName,
        virtualNetworkName: virtualNetwork.name,
        addressPrefix: plan.nodesCidr,
        natGateway: { id: gateway.id },
        defaultOutboundAccess: false,
      },
      { parent: this },
    );
    const apiServer = new network.Subnet(
      `${name}-api-server`,
      {
        resourceGroupName,
        virtualNetworkName: virtualNetwork.name,
        addressPrefix: plan.apiServerCidr,
        delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }],
        defaultOutboundAccess: false,
      },
      // A virtual network changes one subnet at a time.
      { parent: this, dependsOn: nodes },
    );
    this.nodesSubnetId = nodes.id;
    this.apiServerSubnetId = apiServer.id;
    this.registerOutputs({ nodesSubnetId: this.nodesSubnetId, apiServerSubnetId: this.apiServerSubnetId });
  }

  /** Azure places a NAT gateway without a zone itself; its address works in all of them. */
  private natGateway(
    name: string,
    resourceGroupName: pulumi.Input<string>,
    tags: Readonly<Record<string, string>>,
  ): network.NatGateway {
    const address = new network.PublicIPAddress(
      `${name}-nat`,
      {
        resourceGroupName,
        publicIPAllocationMethod: "Static",
        publicIPAddressVersion: "IPv4",
        sku: { name: "Standard", tier: "Regional" },
        zones: ["1", "2", "3"],
        tags,
      },
      { parent: this },
    );
    return new network.NatGateway(
      `${name}-nat`,
      {
        resourceGroupName,
        sku: { name: "Standard" },
        publicIpAddresses: [{ id: address.id }],
        idleTimeoutInMinutes: 4,
        tags,
      },
      { parent: this },
    );
  }
}

function subnetPlan(definition: AzureDefinition): AzureSubnets {
  const block = parseBlock(definition.network.cidr);
  if (block === undefined) throw new RangeError(`${definition.network.cidr} was not checked`);
  return planSubnets(block);
}
