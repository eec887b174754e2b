import { join } from "node:path";
import { kubeconfigOf } from "./kubeconfig";
import type { Instance } from "./instance";
import type { Layout } from "./layout";
import { containerdSocket, policySocket } from "./configuration/node";
import { files, type ClusterTools } from "./configuration/write";
import { apiServerPort, registryPort, serviceSubnet } from "./network";

/** A part of the node, as the supervisor starts it. */
export interface Process {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly log: string;
  /** What must accept connections first. */
  readonly waitFor: readonly string[];
  /** Seconds it gets to end when the node stops. */
  readonly stopSeconds: number;
  /** Whether the pods' containers are ended before it. */
  readonly drain?: boolean;
}

interface Part {
  readonly program: string;
  readonly subcommand?: readonly string[];
  readonly flags: Readonly<Record<string, string | number | boolean>>;
  readonly waitFor?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly stopSeconds?: number;
  readonly drain?: boolean;
}

const etcdPort = 2379;

/** Every process of a node in the order of their start; they stop the other way round. */
export function processesOf(
  instance: Instance,
  layout: Layout,
  tools: ClusterTools,
  environment: Readonly<Record<string, string>>,
): Process[] {
  const api = `tcp:${instance.link.node}:${apiServerPort}`;
  const parts: Readonly<Record<string, Part>> = {
    etcd: etcd(layout, tools),
    "kube-apiserver": { ...apiServer(instance, layout, tools), waitFor: [`tcp:127.0.0.1:${etcdPort}`] },
    "load-balancer": loadBalancer(instance, layout, tools),
    "network-policies": {
      program: tools["network-policies"],
      flags: { kubeconfig: kubeconfigOf(layout, "network-policies"), socket: policySocket },
      waitFor: [api],
    },
    registry: {
      program: tools.registry,
      subcommand: ["serve", files(layout).registry],
      flags: {},
      environment: { OTEL_TRACES_EXPORTER: "none" },
    },
    containerd: { program: tools.containerd, flags: { config: files(layout).containerd }, drain: true },
    "kube-controller-manager": { ...controllerManager(layout, tools), waitFor: [api] },
    "kube-scheduler": { ...scheduler(layout, tools), waitFor: [api] },
    "kube-proxy": { program: tools["kube-proxy"], flags: { config: files(layout).kubeProxy }, waitFor: [api] },
    kubelet: { ...kubelet(instance, layout, tools), waitFor: [`unix:${containerdSocket}`, api] },
  };
  return Object.entries(parts).map(([name, part]) => ({
    name,
    command: [part.program, ...(part.subcommand ?? []), ...flagsOf(part.flags)],
    environment: { ...environment, ...part.environment },
    log: join(layout.logs, `${name}.log`),
    waitFor: part.waitFor ?? [],
    stopSeconds: part.stopSeconds ?? 5,
    drain: part.drain ?? false,
  }));
}

function flagsOf(flags: Part["flags"]): string[] {
  return Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
}

function etcd(layout: Layout, tools: ClusterTools): Part {
  const address = `https://127.0.0.1:${etcdPort}`;
  return {
    program: tools.etcd,
    flags: {
      name: "etcd",
      "data-dir": join(layout.data, "etcd"),
      "listen-client-urls": address,
      "advertise-client-urls": address,
      "listen-peer-urls": "http://127.0.0.1:2380",
      "initial-advertise-peer-urls": "http://127.0.0.1:2380",
      "initial-cluster": "etcd=http://127.0.0.1:2380",
      "cert-file": pki(layout, "etcd.crt"),
      "key-file": pki(layout, "etcd.key"),
      "trusted-ca-file": pki(layout, "etcd-ca.crt"),
      "client-cert-auth": true,
      "auto-compaction-mode": "periodic",
      "auto-compaction-retention": "30m",
      "snapshot-count": 5000,
      "log-level": "warn",
    },
  };
}

function apiServer({ link }: Instance, layout: Layout, tools: ClusterTools): Part {
  const { apiserver } = files(layout);
  return {
    program: tools["kube-apiserver"],
    // Half as much garbage waits to be collected as by Go's default; the API server is what takes most memory.
    environment: { GOGC: "50" },
    flags: {
      "bind-address": link.node,
      "advertise-address": link.node,
      "secure-port": apiServerPort,
      "service-cluster-ip-range": serviceSubnet,
      "etcd-servers": `https://127.0.0.1:${etcdPort}`,
      "etcd-cafile": pki(layout, "etcd-ca.crt"),
      "etcd-certfile": pki(layout, "kube-apiserver-etcd-client.crt"),
      "etcd-keyfile": pki(layout, "kube-apiserver-etcd-client.key"),
      "tls-cert-file": pki(layout, "kube-apiserver.crt"),
      "tls-private-key-file": pki(layout, "kube-apiserver.key"),
      "client-ca-file": pki(layout, "ca.crt"),
      "kubelet-client-certificate": pki(layout, "kube-apiserver-kubelet-client.crt"),
      "kubelet-client-key": pki(layout, "kube-apiserver-kubelet-client.key"),
      "kubelet-certificate-authority": pki(layout, "ca.crt"),
      "kubelet-preferred-address-types": "InternalIP",
      "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
      "service-account-signing-key-file": pki(layout, "service-account.key"),
      "service-account-key-file": pki(layout, "service-account.pub"),
      "requestheader-client-ca-file": pki(layout, "front-proxy-ca.crt"),
      "requestheader-allowed-names": "front-proxy-client",
      "requestheader-username-headers": "X-Remote-User",
      "requestheader-group-headers": "X-Remote-Group",
      "requestheader-extra-headers-prefix": "X-Remote-Extra-",
      "proxy-client-cert-file": pki(layout, "front-proxy-client.crt"),
      "proxy-client-key-file": pki(layout, "front-proxy-client.key"),
      "authentication-config": apiserver.authentication,
      "authorization-mode": "Node,RBAC",
      "enable-admission-plugins": "NodeRestriction",
      "admission-control-config-file": apiserver.admission,
      "encryption-provider-config": apiserver.encryption,
      "audit-policy-file": apiserver.auditPolicy,
      "audit-log-path": join(layout.logs, "audit.log"),
      "audit-log-maxsize": 10,
      "audit-log-maxbackup": 2,
      "allow-privileged": true,
      profiling: false,
    },
  };
}

function controllerManager(layout: Layout, tools: ClusterTools): Part {
  return {
    program: tools["kube-controller-manager"],
    flags: {
      ...delegated(kubeconfigOf(layout, "kube-controller-manager")),
      kubeconfig: kubeconfigOf(layout, "kube-controller-manager"),
      "use-service-account-credentials": true,
      "service-account-private-key-file": pki(layout, "service-account.key"),
      "root-ca-file": pki(layout, "ca.crt"),
      "cluster-signing-cert-file": pki(layout, "ca.crt"),
      "cluster-signing-key-file": pki(layout, "ca.key"),
      "leader-elect": false,
      // The default of 15 s is for thousands of scalers; with a few, a load that doubles is followed sooner.
      "horizontal-pod-autoscaler-sync-period": "5s",
      // It starts before the API server has made the role that lets it read the settings of its own callers.
      "authentication-tolerate-lookup-failure": true,
    },
  };
}

function scheduler(layout: Layout, tools: ClusterTools): Part {
  return {
    program: tools["kube-scheduler"],
    flags: { ...delegated(kubeconfigOf(layout, "kube-scheduler")), config: files(layout).kubeScheduler },
  };
}

/** Flags of a server that asks the API server who its callers are. */
function delegated(kubeconfig: string): Part["flags"] {
  return {
    "authentication-kubeconfig": kubeconfig,
    "authorization-kubeconfig": kubeconfig,
    "bind-address": "127.0.0.1",
    profiling: false,
  };
}

function kubelet(instance: Instance, layout: Layout, tools: ClusterTools): Part {
  const labels = { "topology.kubernetes.io/region": "local", "topology.kubernetes.io/zone": "local" };
  return {
    program: tools.kubelet,
    flags: {
      config: files(layout).kubelet,
      kubeconfig: kubeconfigOf(layout, "kubelet"),
      "hostname-override": instance.name,
      "node-ip": instance.link.node,
      "node-labels": Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
    },
  };
}

/** Passes on what comes to the host's loopback addresses; it alone has a foot in the host's network. */
function loadBalancer(instance: Instance, layout: Layout, tools: ClusterTools): Part {
  const { ports, link } = instance;
  const forward = (port: number, target: string): string => `--forward=127.0.0.1:${port}=${target}`;
  return {
    program: tools["load-balancer"],
    subcommand: [
      forward(ports.api, `${link.node}:${apiServerPort}`),
      forward(ports.registry, `127.0.0.1:${registryPort}`),
    ],
    flags: {
      kubeconfig: kubeconfigOf(layout, "load-balancer"),
      address: instance.loadBalancerAddress,
      "listen-namespace": "/proc/1/fd/3",
    },
  };
}

function pki(layout: Layout, file: string): string {
  return join(layout.pki, file);
}
