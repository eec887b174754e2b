import { at, everyResource, missingTags } from "../clouds";
import type { CloudRule } from "../rule";

const wanted = ["petrichor:environment", "petrichor:cluster"];

export const azureTagged: CloudRule = {
  scope: "cloud",
  cloud: "azure",
  name: "azure-tagged",
  topic: "cloud",
  title: "Everything in Azure says which environment and cluster it belongs to",
  why: "What nobody can assign is paid for ever, and nobody dares to delete it.",
  remedy: "Set the tags of the resource",
  level: "advisory",
  judge: everyResource(
    [
      "azure-native:containerregistry:Registry",
      "azure-native:containerservice:ManagedCluster",
      "azure-native:dns:Zone",
      "azure-native:keyvault:Vault",
      "azure-native:network:NatGateway",
      "azure-native:network:PublicIPAddress",
      "azure-native:network:VirtualNetwork",
      "azure-native:resources:ResourceGroup",
      "azure-native:storage:StorageAccount",
    ],
    (properties) => missingTags((at(properties, "tags") ?? {}) as Record<string, unknown>, wanted),
  ),
};
