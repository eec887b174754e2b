import path from "node:path";
import { machineState } from "../machine";
import type { ClusterFacts } from "./facts";

/** What the cluster on this machine is like: one node, volumes in folders, addresses on loopback. */
export const embeddedFacts: ClusterFacts = {
  loadBalancer: "loopback",
  storageClass: "standard",
  volumeExpansion: false,
  zones: ["local"],
  identity: "none",
  registry: "registry.petrichor.internal",
  architectures: [process.arch === "arm64" ? "arm64" : "amd64"],
  nodes: "fixed",
};

/** Path of the kubeconfig that `petrichor cluster start` writes for an instance. */
export function embeddedKubeconfig(instance: string): string {
  return path.join(machineState(), "clusters", instance, "kubeconfig");
}
