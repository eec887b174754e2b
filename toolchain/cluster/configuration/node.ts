import { join } from "node:path";
import { kubeconfigOf } from "../kubeconfig";
import type { Instance } from "../instance";
import type { Layout } from "../layout";
import { dnsAddress, dnsDomain, podSubnet } from "../network";

/** Where containerd listens inside the node. */
export const containerdSocket = "/run/containerd/containerd.sock";

/** The cgroup that holds an instance's pods and its own processes. */
export function cgroupOf(instance: Instance): string {
  return `/petrichor/${instance.id}`;
}

export function kubelet(instance: Instance, layout: Layout): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: instance.link.node,
    healthzBindAddress: "127.0.0.1",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(layout.pki, "ca.crt") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: join(layout.pki, "kubelet-server.crt"),
    tlsPrivateKeyFile: join(layout.pki, "kubelet-server.key"),
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: cgroupOf(instance),
    // Machines with the first version of cgroups are many, and swap on a developer's machine is usual.
    failCgroupV1: false,
    failSwapOn: false,
    clusterDNS: [dnsAddress],
    clusterDomain: dnsDomain,
    resolvConf: "/etc/resolv.conf",
    seccompDefault: true,
    // An unprivileged process can't make itself safer from the kernel's out-of-memory killer than its parent.
    oomScoreAdj: 0,
    maxPods: 250,
    podPidsLimit: 4096,
    serializeImagePulls: false,
    maxParallelImagePulls: 4,
    containerLogMaxSize: "5Mi",
    containerLogMaxFiles: 3,
    // What is left to the machine's other work, which the node shares memory with.
    kubeReserved: { memory: "1Gi" },
    // In amounts, not in percent: a developer's disk is often nearly full of other things.
    evictionHard: {
      "memory.available": "200Mi",
      "nodefs.available": "1Gi",
      "imagefs.available": "1Gi",
      "nodefs.inodesFree": "2%",
    },
    imageGCHighThresholdPercent: 90,
    imageGCLowThresholdPercent: 85,
    imageMaximumGCAge: "168h",
  };
}

export function kubeProxy(instance: Instance, layout: Layout): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "nftables",
    bindAddress: instance.link.node,
    healthzBindAddress: "127.0.0.1:10256",
    metricsBindAddress: "127.0.0.1:10249",
    hostnameOverride: instance.name,
    clusterCIDR: podSubnet,
    detectLocalMode: "ClusterCIDR",
    nodePortAddresses: ["primary"],
    clientConnection: { kubeconfig: kubeconfigOf(layout, "kube-proxy") },
    // The default of a second is for thousands of Services; here a new pod should get its first request sooner.
    nftables: { minSyncPeriod: "100ms" },
    // These settings hold for the whole machine, not for the node.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
}

export function kubeScheduler(layout: Layout): object {
  return {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    leaderElection: { leaderElect: false },
    clientConnection: { kubeconfig: kubeconfigOf(layout, "kube-scheduler") },
  };
}

/** Folder in the node where the addresses of pods are noted. */
export const podAddresses = "/var/lib/pod-addresses";

/** Name of the pods' network, and of its folder in `podAddresses`. */
export const podNetworkName = "pods";

/** Where new pods are announced inside the node, to be held back until the rules for them are in place. */
export const policySocket = "/run/network-policies.sock";

/**
 * Each pod hangs on a link of its own and everything is routed: so what goes from pod to pod by a Service is seen by the
 * node's rules both ways, which on a bridge takes a kernel module.
 */
export function podNetwork(mtu: number): object {
  return {
    cniVersion: "1.0.0",
    name: podNetworkName,
    plugins: [
      {
        type: "ptp",
        mtu,
        ipam: {
          type: "host-local",
          dataDir: podAddresses,
          ranges: [[{ subnet: podSubnet }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
      { type: "portmap", backend: "nftables", capabilities: { portMappings: true } },
      { type: "network-policies", socket: policySocket },
    ],
  };
}
