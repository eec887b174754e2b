import { everyResource, unsupported } from "../clouds";
import type { CloudRule } from "../rule";

export const azureVersionSupported: CloudRule = {
  scope: "cloud",
  cloud: "azure",
  name: "azure-version-supported",
  topic: "cloud",
  title: "AKS runs a version in standard support",
  why: "Older ones get no patches, and Azure upgrades them by itself in the end.",
  remedy: "Choose a version that is in standard support",
  level: "mandatory",
  judge: everyResource(["azure-native:containerservice:ManagedCluster"], ({ kubernetesVersion }) =>
    unsupported("azure", kubernetesVersion),
  ),
};
