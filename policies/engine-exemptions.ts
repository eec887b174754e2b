import type { Exemption } from "../components/policy/settings";

const owner = "platform";

/** Namespaces of engines whose images come from where upstream publishes them, by the tag of a pinned version. */
const published = [
  "kube-system",
  "keda",
  "petrichor-gateway",
  "petrichor-telemetry",
  "cert-manager",
  "external-dns",
  "metallb-system",
];

/** What engines of the platform need that apps don't get; reviewed with every new version of an engine. */
export const engineExemptions: readonly Exemption[] = [
  ...published.flatMap((namespace) => [
    {
      rule: "image-from-registry",
      object: `* ${namespace}/*`,
      reason: "Engines run upstream's own images, or those that this machine made from the same sources.",
      owner,
    },
    {
      rule: "image-by-digest",
      object: `* ${namespace}/*`,
      reason:
        "Upstream names its images by the tag of a version; the version is pinned, and a mirror may add the digest.",
      owner,
    },
  ]),
  ...["memory-limited", "resources-requested"].map((rule) => ({
    rule,
    object: "Job petrichor-gateway/envoy-gateway-gateway-helm-certgen",
    reason: "It makes the gateway's own certificates in a second and ends; upstream's chart gives it no resources.",
    owner,
  })),
  ...["memory-limited", "read-only-root-filesystem"].map((rule) => ({
    rule,
    object: "Deployment petrichor-gateway/*",
    reason:
      "Envoy Gateway makes the proxies' Deployment itself, with a helper container that its settings don't reach.",
    owner,
  })),
  {
    rule: "gateway-encrypted",
    object: "Gateway petrichor-gateway/public",
    reason: "Its HTTP listener only sends visitors on to HTTPS, whose listeners have hosts of their own.",
    owner,
  },
  ...["keda-operator", "keda-external-metrics-reader", "keda:edit", "keda:view"].map((name) => ({
    rule: "no-wildcard-roles",
    object: `ClusterRole ${name}`,
    reason: "KEDA scales whatever has a scale subresource, and its aggregated roles span the kinds of its own group.",
    owner,
  })),
  ...["cert-manager", "cert-manager-cainjector"].map((name) => ({
    rule: "ready-when-asked",
    object: `Deployment cert-manager/${name}`,
    reason:
      "It takes no requests: its ports are for measurements and liveness, and upstream's chart has no such probe.",
    owner,
  })),
  {
    rule: "namespace-restricted",
    object: "Namespace metallb-system",
    reason: "MetalLB's speakers answer for addresses in the network of the nodes, which Pod Security has no level for.",
    owner,
  },
  ...["capabilities-dropped", "no-host-namespaces", "no-probe-hosts", "run-as-non-root"].map((rule) => ({
    rule,
    object: "DaemonSet metallb-system/speaker",
    reason: "It sends and receives ARP by raw packets on the nodes' own network, and is asked there by loopback alone.",
    owner,
  })),
  ...["Role metallb-system/pod-lister", "ClusterRole metallb-system:speaker"].map((object) => ({
    rule: "no-wildcard-roles",
    object,
    reason: "Upstream's roles span the statuses of MetalLB's own kinds; they change with its version alone.",
    owner,
  })),
];
