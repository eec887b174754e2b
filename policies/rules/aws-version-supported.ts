import { everyResource, unsupported } from "../clouds";
import type { CloudRule } from "../rule";

export const awsVersionSupported: CloudRule = {
  scope: "cloud",
  cloud: "aws",
  name: "aws-version-supported",
  topic: "cloud",
  title: "EKS runs a version in standard support",
  why: "Beyond it, each cluster costs several times as much, and AWS upgrades it by itself in the end.",
  remedy: "Choose a version that is in standard support",
  level: "mandatory",
  judge: everyResource(["aws:eks/cluster:Cluster"], ({ version }) => unsupported("aws", version)),
};
