import * as containerservice from "@pulumi/azure-native/containerservice";
import type { input as inputs } from "@pulumi/azure-native/types";
import * as pulumi from "@pulumi/pulumi";
import { joinName } from "../../kube/names";
import { address, parseBlock } from "../cidr";
import { type AzurePlace, clusterName } from "./facts";
import type { AzureNodeIdentities } from "./identities";
import type { AzureKeys } from "./keys";
import type { AzureNetwork } from "./network";
import { grant, type RoleName } from "./roles";

interface AzureControlPlaneArgs {
  readonly place: AzurePlace;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
  readonly network: AzureNetwork;
  readonly keys: AzureKeys;
  readonly identities: AzureNodeIdentities;
}

/** AKS with node auto-provisioning and the Cilium data plane; people come in through Entra alone. */
export class AzureControlPlane extends pulumi.ComponentResource {
  readonly cluster: containerservice.ManagedCluster;
  /** Address of the OpenID Connect issuer that vouches for service accounts. */
  readonly issuer: pulumi.Output<string>;

  constructor(name: string, args: AzureControlPlaneArgs, opts: pulumi.ComponentResourceOptions) {
    super("petrichor:cluster:AzureControlPlane", name, {}, opts);
    const { place, resourceGroupName } = args;
    this.cluster = new containerservice.ManagedCluster(name, clusterArgs(args), {
      parent: this,
      protect: place.definition.deletionProtection,
      dependsOn: [...args.identities.rights],
    });
    this.issuer = this.cluster.oidcIssuerProfile.apply((profile) => {
      if (profile === undefined) throw new Error("AKS made the cluster without an OpenID Connect issuer");
      return profile.issuerURL;
    });
    for (const group of place.definition.admins) this.admit(name, group, place, ["aksClusterAdmin", "aksClusterUser"]);
    for (const group of place.definition.viewers) this.admit(name, group, place, ["aksReader", "aksClusterUser"]);
    for (const [configName, window] of Object.entries(maintenance)) {
      new containerservice.MaintenanceConfiguration(
        `${name}-${configName}`,
        { resourceGroupName, resourceName: this.cluster.name, configName, maintenanceWindow: window },
        { parent: this },
      );
    }
    this.registerOutputs({ name: this.cluster.name, issuer: this.issuer });
  }

  private admit(name: string, group: string, { definition }: AzurePlace, roles: readonly RoleName[]): void {
    for (const role of roles) {
      grant(
        `${name}-${role}-${group}`,
        {
          subscription: definition.subscription,
          role,
          principalId: group,
          principalType: "Group",
          scope: this.cluster.id,
        },
        { parent: this },
      );
    }
  }
}

function clusterArgs(args: AzureControlPlaneArgs): containerservice.ManagedClusterArgs {
  const { place, keys, identities } = args;
  const { definition } = place;
  return {
    resourceGroupName: args.resourceGroupName,
    resourceName: clusterName(place),
    dnsPrefix: joinName([place.environment, place.cluster], dnsPrefixLimit),
    nodeResourceGroup: `${clusterName(place)}-nodes`,
    // AKS alone changes what it made there.
    nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
    kubernetesVersion: definition.version,
    sku: { name: "Base", tier: "Standard" },
    supportPlan: "KubernetesOfficial",
    identity: { type: "UserAssigned", userAssignedIdentities: [identities.controlPlane.id] },
    identityProfile: {
      kubeletidentity: {
        resourceId: identities.kubelet.id,
        clientId: identities.kubelet.clientId,
        objectId: identities.kubelet.principalId,
      },
    },
    enableRBAC: true,
    disableLocalAccounts: true,
    aadProfile: { managed: true, enableAzureRBAC: true, tenantID: definition.tenant },
    apiServerAccessProfile: apiServerAccess(args),
    networkProfile: networkProfile(place),
    nodeProvisioningProfile: { mode: "Auto", defaultNodePools: "None" },
    agentPoolProfiles: [systemPool(args)],
    oidcIssuerProfile: { enabled: true },
    securityProfile: {
      workloadIdentity: { enabled: true },
      imageCleaner: { enabled: true, intervalHours: 24 },
      azureKeyVaultKms: {
        enabled: true,
        keyId: keys.secretsKeyId,
        keyVaultNetworkAccess: "Private",
        keyVaultResourceId: keys.vault.id,
      },
    },
    storageProfile: {
      diskCSIDriver: { enabled: true },
      fileCSIDriver: { enabled: true },
      snapshotController: { enabled: true },
    },
    azureMonitorProfile: { metrics: { enabled: definition.monitor } },
    autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
    tags: args.tags,
  };
}

function apiServerAccess({
  place,
  network,
}: AzureControlPlaneArgs): inputs.containerservice.ManagedClusterAPIServerAccessProfileArgs {
  const { endpoint } = place.definition;
  return {
    // Nodes reach the API server inside the network; a private key vault needs this as well.
    enableVnetIntegration: true,
    subnetId: network.apiServerSubnetId,
    // "Run command" is a way into the cluster beside the API server.
    disableRunCommand: true,
    ...(endpoint === "private"
      ? { enablePrivateCluster: true, privateDNSZone: "system" }
      : { enablePrivateCluster: false, authorizedIPRanges: endpoint.publicCidrs }),
  };
}

function networkProfile({ definition }: AzurePlace): inputs.containerservice.ContainerServiceNetworkProfileArgs {
  const { podCidr, serviceCidr } = definition.network;
  const services = parseBlock(serviceCidr);
  if (services === undefined) throw new RangeError(`${serviceCidr} was not checked`);
  return {
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    networkDataplane: "cilium",
    networkPolicy: "cilium",
    podCidr,
    serviceCidr,
    dnsServiceIP: address(services, 10),
    loadBalancerSku: "standard",
    outboundType: "userAssignedNATGateway",
  };
}

function systemPool({
  place,
  network,
  tags,
}: AzureControlPlaneArgs): inputs.containerservice.ManagedClusterAgentPoolProfileArgs {
  const {
    systemNodes,
    network: { zones },
  } = place.definition;
  return {
    name: "system",
    mode: "System",
    type: "VirtualMachineScaleSets",
    count: zones.length,
    vmSize: systemNodes.size,
    availabilityZones: zones,
    osType: "Linux",
    osSKU: "AzureLinux",
    osDiskType: "Ephemeral",
    vnetSubnetID: network.nodesSubnetId,
    nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
    enableEncryptionAtHost: true,
    securityProfile: { sshAccess: "Disabled", enableSecureBoot: true, enableVTPM: true },
    upgradeSettings: { maxSurge: "1" },
    tags,
  };
}

/** Longest DNS prefix of a cluster. */
const dnsPrefixLimit = 54;

/** When Azure may upgrade on its own: the control plane on Sundays, nodes on Saturdays, in the four hours from two in the morning UTC. */
const maintenance = {
  aksManagedAutoUpgradeSchedule: weekly("Sunday"),
  aksManagedNodeOSUpgradeSchedule: weekly("Saturday"),
};

function weekly(dayOfWeek: "Saturday" | "Sunday"): inputs.containerservice.MaintenanceWindowArgs {
  return {
    schedule: { weekly: { dayOfWeek, intervalWeeks: 1 } },
    durationHours: 4,
    startTime: "02:00",
    utcOffset: "+00:00",
  };
}
