import * as authorization from "@pulumi/azure-native/types/enums/authorization";
import * as containerregistry from "@pulumi/azure-native/types/enums/containerregistry";
import * as containerservice from "@pulumi/azure-native/types/enums/containerservice";
import * as dns from "@pulumi/azure-native/types/enums/dns";
import * as keyvault from "@pulumi/azure-native/types/enums/keyvault";
import * as network from "@pulumi/azure-native/types/enums/network";
import * as storage from "@pulumi/azure-native/types/enums/storage";
import { AzureCluster } from "../../../components/cluster/azure/cluster";
import type { AzureDefinition } from "../../../components/cluster/azure/definition";
import { azureExample, cloudAnswers, cloudInvoke } from "../../support/clouds";
import { record, type RecordedResource } from "../../support/record";

// These tests prove what is asked of Azure and in which shape. They don't prove that Azure accepts it: quotas, policies, features that a
// subscription has to register (encryption at host), and names that somebody else took show in the first `up` alone.

const settings = { answers: cloudAnswers, invoke: cloudInvoke };

async function resourcesOf(definition: AzureDefinition): Promise<readonly RecordedResource[]> {
  const { resources } = await record(() => new AzureCluster("azure-eu", { environment: "prod", definition }), settings);
  return resources;
}

function ofType(resources: readonly RecordedResource[], type: string): RecordedResource[] {
  return resources.filter((resource) => resource.type === `azure-native:${type}`);
}

let everything: readonly RecordedResource[];
/** The same with the longest names there can be. */
let longest: readonly RecordedResource[];
beforeAll(async () => {
  everything = await resourcesOf(azureExample);
  const definition = { ...azureExample, globalName: "a".repeat(15) };
  longest = (
    await record(() => new AzureCluster("c".repeat(30), { environment: "e".repeat(30), definition }), settings)
  ).resources;
});

test("every resource hangs from a component of the cluster and asks the provider that is bound to the subscription", () => {
  const custom = everything.filter(({ type }) => type.startsWith("azure-native:"));
  expect(custom.length).toBeGreaterThan(35);
  expect(custom.filter(({ parent }) => parent?.startsWith("petrichor:cluster:Azure") !== true)).toEqual([]);
  expect(custom.filter(({ provider }) => provider !== "azure-eu")).toEqual([]);
  const components = everything.filter(({ type }) => type.startsWith("petrichor:"));
  expect(components.filter(({ parent }) => parent === undefined).map(({ name }) => name)).toEqual(["azure-eu"]);
});

test("everything that lives in a resource group lives in the cluster's", () => {
  const custom = everything.filter(
    ({ type }) => type.startsWith("azure-native:") && !/:(RoleAssignment|ResourceGroup)$/.test(type),
  );
  expect(custom.filter(({ inputs }) => inputs.resourceGroupName !== "azure-eu-made")).toEqual([]);
});

test("the cluster waits for its rights; people come in through Entra alone", () => {
  const [cluster] = ofType(everything, "containerservice:ManagedCluster");
  expect(cluster?.dependsOn).toHaveLength(5);
  expect(cluster?.protect).toBe(true);
  expect(cluster?.inputs).toMatchObject({
    disableLocalAccounts: true,
    aadProfile: { managed: true, enableAzureRBAC: true },
    securityProfile: {
      workloadIdentity: { enabled: true },
      azureKeyVaultKms: { enabled: true, keyVaultNetworkAccess: "Private" },
    },
    nodeProvisioningProfile: { mode: "Auto", defaultNodePools: "None" },
    networkProfile: {
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      networkDataplane: "cilium",
      networkPolicy: "cilium",
    },
    apiServerAccessProfile: {
      enableVnetIntegration: true,
      disableRunCommand: true,
      authorizedIPRanges: ["203.0.113.0/24"],
    },
  });
});

test("a private endpoint is private", async () => {
  const [cluster] = ofType(
    await resourcesOf({ ...azureExample, endpoint: "private" }),
    "containerservice:ManagedCluster",
  );
  expect(cluster?.inputs.apiServerAccessProfile).toMatchObject({
    enablePrivateCluster: true,
    privateDNSZone: "system",
  });
  expect(cluster?.inputs.apiServerAccessProfile).not.toHaveProperty("authorizedIPRanges");
});

test("the monitor is off unless it is asked for", async () => {
  const [cluster] = ofType(await resourcesOf({ ...azureExample, monitor: false }), "containerservice:ManagedCluster");
  expect(cluster?.inputs.azureMonitorProfile).toEqual({ metrics: { enabled: false } });
});

test("nobody has a password: no admin user, no account keys, no local accounts", () => {
  expect(ofType(everything, "containerregistry:Registry")[0]?.inputs).toMatchObject({
    adminUserEnabled: false,
    anonymousPullEnabled: false,
  });
  expect(ofType(everything, "storage:StorageAccount")[0]?.inputs).toMatchObject({
    allowSharedKeyAccess: false,
    allowBlobPublicAccess: false,
  });
  expect(ofType(everything, "keyvault:Vault")[0]?.inputs.properties).toMatchObject({
    enablePurgeProtection: true,
    publicNetworkAccess: "Disabled",
  });
});

test("without deletion protection nothing is protected", async () => {
  const resources = await resourcesOf({ ...azureExample, deletionProtection: false });
  expect(resources.filter(({ protect }) => protect === true)).toEqual([]);
  expect(everything.filter(({ protect }) => protect === true)).toHaveLength(8);
});

test("every value of a closed set is one that the SDK lists", () => {
  const cases: readonly [type: string, path: string, values: object][] = [
    ["authorization:RoleAssignment", "principalType", authorization.PrincipalType],
    ["containerregistry:Registry", "sku.name", containerregistry.SkuName],
    ["containerregistry:Registry", "zoneRedundancy", containerregistry.ZoneRedundancy],
    ["containerregistry:Registry", "policies.retentionPolicy.status", containerregistry.PolicyStatus],
    ["containerservice:ManagedCluster", "sku.name", containerservice.ManagedClusterSKUName],
    ["containerservice:ManagedCluster", "sku.tier", containerservice.ManagedClusterSKUTier],
    ["containerservice:ManagedCluster", "supportPlan", containerservice.KubernetesSupportPlan],
    ["containerservice:ManagedCluster", "identity.type", containerservice.ResourceIdentityType],
    ["containerservice:ManagedCluster", "nodeResourceGroupProfile.restrictionLevel", containerservice.RestrictionLevel],
    ["containerservice:ManagedCluster", "networkProfile.networkPlugin", containerservice.NetworkPlugin],
    ["containerservice:ManagedCluster", "networkProfile.networkPluginMode", containerservice.NetworkPluginMode],
    ["containerservice:ManagedCluster", "networkProfile.networkDataplane", containerservice.NetworkDataplane],
    ["containerservice:ManagedCluster", "networkProfile.networkPolicy", containerservice.NetworkPolicy],
    ["containerservice:ManagedCluster", "networkProfile.outboundType", containerservice.OutboundType],
    ["containerservice:ManagedCluster", "networkProfile.loadBalancerSku", containerservice.LoadBalancerSku],
    ["containerservice:ManagedCluster", "nodeProvisioningProfile.mode", containerservice.NodeProvisioningMode],
    [
      "containerservice:ManagedCluster",
      "nodeProvisioningProfile.defaultNodePools",
      containerservice.NodeProvisioningDefaultNodePools,
    ],
    ["containerservice:ManagedCluster", "autoUpgradeProfile.upgradeChannel", containerservice.UpgradeChannel],
    [
      "containerservice:ManagedCluster",
      "autoUpgradeProfile.nodeOSUpgradeChannel",
      containerservice.NodeOSUpgradeChannel,
    ],
    [
      "containerservice:ManagedCluster",
      "securityProfile.azureKeyVaultKms.keyVaultNetworkAccess",
      containerservice.KeyVaultNetworkAccessTypes,
    ],
    ["containerservice:ManagedCluster", "agentPoolProfiles.0.mode", containerservice.AgentPoolMode],
    ["containerservice:ManagedCluster", "agentPoolProfiles.0.type", containerservice.AgentPoolType],
    ["containerservice:ManagedCluster", "agentPoolProfiles.0.osType", containerservice.OSType],
    ["containerservice:ManagedCluster", "agentPoolProfiles.0.osSKU", containerservice.OSSKU],
    ["containerservice:ManagedCluster", "agentPoolProfiles.0.osDiskType", containerservice.OSDiskType],
    [
      "containerservice:ManagedCluster",
      "agentPoolProfiles.0.securityProfile.sshAccess",
      containerservice.AgentPoolSSHAccess,
    ],
    [
      "containerservice:MaintenanceConfiguration",
      "maintenanceWindow.schedule.weekly.dayOfWeek",
      containerservice.WeekDay,
    ],
    ["dns:Zone", "zoneType", dns.ZoneType],
    ["keyvault:Vault", "properties.sku.name", keyvault.SkuName],
    ["keyvault:Vault", "properties.networkAcls.defaultAction", keyvault.NetworkRuleAction],
    ["keyvault:Key", "properties.kty", keyvault.JsonWebKeyType],
    ["keyvault:Key", "properties.keyOps.0", keyvault.JsonWebKeyOperation],
    ["network:NatGateway", "sku.name", network.NatGatewaySkuName],
    ["network:PublicIPAddress", "sku.name", network.PublicIPAddressSkuName],
    ["network:PublicIPAddress", "publicIPAllocationMethod", network.IPAllocationMethod],
    ["storage:StorageAccount", "sku.name", storage.SkuName],
    ["storage:StorageAccount", "kind", storage.Kind],
    ["storage:StorageAccount", "accessTier", storage.AccessTier],
    ["storage:StorageAccount", "minimumTlsVersion", storage.MinimumTlsVersion],
    ["storage:BlobContainer", "publicAccess", storage.PublicAccess],
  ];
  const wrong = cases.flatMap(([type, path, values]) => {
    const found = ofType(everything, type).map(({ inputs }) => valueAt(inputs, path));
    const known = Object.values(values);
    if (found.length > 0 && found.every((value) => known.includes(value))) return [];
    return [`${type} ${path}: ${JSON.stringify(found)} not in ${JSON.stringify(known)}`];
  });
  expect(wrong).toEqual([]);
});

test.each([
  ["containerregistry:Registry", "registryName", /^[a-zA-Z0-9]{5,50}$/],
  ["containerregistry:CacheRule", "cacheRuleName", /^[a-zA-Z0-9-]{5,50}$/],
  ["keyvault:Vault", "vaultName", /^[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/],
  ["storage:StorageAccount", "accountName", /^[a-z0-9]{3,24}$/],
  ["containerservice:ManagedCluster", "resourceName", /^[a-zA-Z0-9]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?$/],
  ["containerservice:ManagedCluster", "dnsPrefix", /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,52}[a-zA-Z0-9])?$/],
  ["containerservice:ManagedCluster", "nodeResourceGroup", /^[\w.()-]{1,80}$/],
  ["resources:ResourceGroup", "resourceGroupName", /^[\w.()-]{1,89}[\w()-]$/],
])("%s: %s keeps Azure's rules for names, also where ours are longest", (type, path, rule) => {
  for (const { inputs } of [...ofType(everything, type), ...ofType(longest, type)])
    expect(valueAt(inputs, path)).toMatch(rule);
});

function valueAt(inputs: Readonly<Record<string, unknown>>, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], inputs);
}
