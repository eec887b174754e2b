import { at, everyResource, isEverywhere, listAt } from "../clouds";
import type { CloudRule } from "../rule";

export const azureApiServerClosed: CloudRule = {
  scope: "cloud",
  cloud: "azure",
  name: "azure-api-server-closed",
  topic: "cloud",
  title: "The API server of AKS is not open to the whole internet",
  why: "A flaw in the API server, or one stolen token, is then enough from anywhere in the world.",
  remedy: "Make the cluster private, or list the networks that may reach it",
  level: "mandatory",
  frameworks: { cis: "AKS 5.4.1, 5.4.2" },
  judge: everyResource(["azure-native:containerservice:ManagedCluster"], (properties) => {
    if (at(properties, "apiServerAccessProfile.enablePrivateCluster") === true) return undefined;
    const places = listAt(properties, "apiServerAccessProfile.authorizedIPRanges");
    return places.length === 0 || places.some(isEverywhere) ? "it is open to everyone" : undefined;
  }),
};
