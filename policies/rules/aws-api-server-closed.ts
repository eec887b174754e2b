import { at, everyResource, isEverywhere, listAt } from "../clouds";
import type { CloudRule } from "../rule";

export const awsApiServerClosed: CloudRule = {
  scope: "cloud",
  cloud: "aws",
  name: "aws-api-server-closed",
  topic: "cloud",
  title: "The API server of EKS is not open to the whole internet",
  why: "A flaw in the API server, or one stolen token, is then enough from anywhere in the world.",
  remedy: "Turn the private endpoint on, and the public one off or down to networks of yours",
  level: "mandatory",
  frameworks: { cis: "EKS 5.4.1, 5.4.2" },
  judge: everyResource(["aws:eks/cluster:Cluster"], (properties) => {
    if (at(properties, "vpcConfig.endpointPrivateAccess") !== true) return "it has no private endpoint";
    if (at(properties, "vpcConfig.endpointPublicAccess") === false) return undefined;
    const places = listAt(properties, "vpcConfig.publicAccessCidrs");
    return places.length === 0 || places.some(isEverywhere) ? "its public endpoint is open to everyone" : undefined;
  }),
};
