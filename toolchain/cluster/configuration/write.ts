import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { ToolPaths } from "../../tools";
import { writePrivate } from "../files";
import type { Instance } from "../instance";
import type { Layout } from "../layout";
import * as apiserver from "./apiserver";
import * as runtime from "./containerd";
import * as node from "./node";

/** Everything that an embedded cluster is made of. */
export const clusterTools = [
  "kubernetes",
  "containerd",
  "runc",
  "cni",
  "nftables",
  "registry",
  "supervisor",
  "load-balancer",
  "network-policies",
  "pause-image",
  "coredns-image",
  "local-path-provisioner-image",
] as const;

export type ClusterTools = ToolPaths<(typeof clusterTools)[number]>;

interface Files {
  readonly apiserver: Readonly<Record<"authentication" | "admission" | "encryption" | "auditPolicy", string>>;
  readonly kubelet: string;
  readonly kubeProxy: string;
  readonly kubeScheduler: string;
  readonly containerd: string;
  readonly registry: string;
  /** Folder of the pod network's configuration. */
  readonly networks: string;
  /** Folder with a `hosts.toml` for each registry. */
  readonly registries: string;
}

/** Where the configuration of each part is. */
export function files({ configuration }: Layout): Files {
  const inside = (name: string): string => join(configuration, name);
  return {
    apiserver: {
      authentication: inside("authentication.yaml"),
      admission: inside("admission.yaml"),
      encryption: inside("encryption.yaml"),
      auditPolicy: inside("audit-policy.yaml"),
    },
    kubelet: inside("kubelet.yaml"),
    kubeProxy: inside("kube-proxy.yaml"),
    kubeScheduler: inside("kube-scheduler.yaml"),
    containerd: inside("containerd.toml"),
    registry: inside("registry.yaml"),
    networks: inside("networks"),
    registries: inside("registries"),
  };
}

/** Writes the configuration of every part. It is made anew at each start: change the instance, not these files. */
export async function writeConfiguration(
  instance: Instance,
  layout: Layout,
  tools: ClusterTools,
  settings: { readonly mtu: number; readonly pauseImage: string },
): Promise<void> {
  const paths = files(layout);
  const documents: Readonly<Record<string, object>> = {
    [paths.apiserver.authentication]: apiserver.authentication(),
    [paths.apiserver.admission]: apiserver.admission(),
    [paths.apiserver.encryption]: apiserver.encryption(instance),
    [paths.apiserver.auditPolicy]: apiserver.auditPolicy(),
    [paths.kubelet]: node.kubelet(instance, layout),
    [paths.kubeProxy]: node.kubeProxy(instance, layout),
    [paths.kubeScheduler]: node.kubeScheduler(layout),
    [paths.registry]: runtime.registry(join(layout.data, "registry")),
    [join(paths.networks, "pods.conflist")]: node.podNetwork(settings.mtu),
  };
  const texts: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
      Object.entries(documents).map(([file, document]) => [
        file,
        file.endsWith(".conflist") ? JSON.stringify(document) : stringify(document),
      ]),
    ),
    [paths.containerd]: runtime.containerd({
      runc: tools.runc,
      plugins: [dirname(tools.ptp), dirname(tools["network-policies"])],
      networks: paths.networks,
      registries: paths.registries,
      pauseImage: settings.pauseImage,
    }),
    [join(paths.registries, runtime.imageRegistry, "hosts.toml")]: runtime.registryHosts(),
  };
  await mkdir(layout.configuration, { recursive: true, mode: 0o700 });
  await Promise.all(Object.entries(texts).map(([file, text]) => writePrivate(file, text)));
}
