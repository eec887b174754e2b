import type { ClusterFacts } from "./facts";
import { installedEngines } from "./installed";
import type { Observations, ObservedNode, ObservedObject, ObservedStorageClass } from "./observations";

/** What looking tells; what it can't tell (the registry, for one) is left out, and the owner has to declare it. */
export type DetectedFacts = Partial<ClusterFacts>;

/** Reads facts off a cluster that somebody else made. Pure: the same observations give the same facts. */
export function detectFacts(seen: Observations): DetectedFacts {
  const storage = defaultStorageClass(seen.storageClasses);
  const installed = installedEngines(seen);
  return {
    version: `${seen.version.major}.${Number.parseInt(seen.version.minor, 10)}`,
    loadBalancer: loadBalancer(seen),
    ...(storage === undefined
      ? {}
      : { storageClass: storage.metadata.name, volumeExpansion: storage.allowVolumeExpansion === true }),
    zones: zones(seen.nodes),
    identity: identity(seen),
    architectures: architectures(seen.nodes),
    nodes: nodeSource(seen.customResourceDefinitions),
    ...(Object.keys(installed).length === 0 ? {} : { installed }),
  };
}

/** The class that claims without one get. Of several defaults Kubernetes takes the newest; a single class needs no mark to be meant. */
function defaultStorageClass(classes: readonly ObservedStorageClass[]): ObservedStorageClass | undefined {
  const marked = classes.filter(
    ({ metadata }) => metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
  );
  const [newest] = [...marked].sort(
    (a, b) =>
      (b.metadata.creationTimestamp ?? "").localeCompare(a.metadata.creationTimestamp ?? "") ||
      a.metadata.name.localeCompare(b.metadata.name),
  );
  return newest ?? (classes.length === 1 ? classes[0] : undefined);
}

/** A Service that has an address proves a load balancer; so does software whose job it is, or a cloud behind the nodes. */
function loadBalancer(seen: Observations): ClusterFacts["loadBalancer"] {
  const served = seen.services.some(
    ({ spec, status }) => spec.type === "LoadBalancer" && (status?.loadBalancer?.ingress ?? []).length > 0,
  );
  const software =
    hasDefinition(seen.customResourceDefinitions, loadBalancerDefinitions) || hasServiceLoadBalancer(seen);
  const cloud = seen.nodes.some(({ spec }) =>
    /^(aws|azure|gce|openstack|digitalocean|hcloud|ibm|oci):\/\//.test(spec?.providerID ?? ""),
  );
  return served || software || cloud ? "cloud" : "none";
}

function hasServiceLoadBalancer({ daemonSets }: Observations): boolean {
  // k3s balances Services by a DaemonSet of its own per Service.
  return daemonSets.some(({ metadata }) => metadata.labels?.["svccontroller.k3s.cattle.io/svcname"] !== undefined);
}

function zones(nodes: readonly ObservedNode[]): string[] {
  const labels = nodes.flatMap(({ metadata }) => metadata.labels?.["topology.kubernetes.io/zone"] ?? []);
  const named = [...new Set(labels)].sort();
  return named.length > 0 ? named : [noZone];
}

function identity({ daemonSets, mutatingWebhooks, nodes }: Observations): ClusterFacts["identity"] {
  const webhook = mutatingWebhooks.some(
    ({ metadata }) => metadata.name === "azure-wi-webhook-mutating-webhook-configuration",
  );
  if (webhook) return "azure-workload-identity";
  const agent = daemonSets.some(({ metadata }) => metadata.name === "eks-pod-identity-agent");
  const autoMode = nodes.some(({ metadata }) => metadata.labels?.["eks.amazonaws.com/compute-type"] === "auto");
  return agent || autoMode ? "aws-pod-identity" : "none";
}

function architectures(nodes: readonly ObservedNode[]): ClusterFacts["architectures"] {
  const known = (["amd64", "arm64"] as const).filter((one) =>
    nodes.some(({ status }) => status.nodeInfo.architecture === one),
  );
  return known.length > 0 ? known : ["amd64"];
}

function nodeSource(definitions: readonly ObservedObject[]): ClusterFacts["nodes"] {
  if (hasDefinition(definitions, ["nodeclasses.eks.amazonaws.com"])) return "eks-auto-mode";
  if (hasDefinition(definitions, ["aksnodeclasses.karpenter.azure.com"])) return "aks-auto-provisioning";
  return hasDefinition(definitions, ["nodepools.karpenter.sh"]) ? "karpenter" : "fixed";
}

function hasDefinition(definitions: readonly ObservedObject[], names: readonly string[]): boolean {
  return definitions.some(({ metadata }) => names.includes(metadata.name));
}

/** What the single zone of a cluster without zone labels is called. */
const noZone = "none";

/** Custom resources of software that gives load-balancer Services addresses: MetalLB, Cilium, kube-vip, PureLB. */
const loadBalancerDefinitions = [
  "ipaddresspools.metallb.io",
  "ciliumloadbalancerippools.cilium.io",
  "ciliuml2announcementpolicies.cilium.io",
  "servicegroups.purelb.io",
];
