import { registryPort } from "../network";
import { containerdSocket } from "./node";

/** The registry that images of apps are named after, on whatever port an instance's own registry listens. */
export const imageRegistry = "registry.petrichor.internal";

export interface ContainerdSettings {
  readonly runc: string;
  /** Folders of the CNI plugins. */
  readonly plugins: readonly string[];
  /** Folder of the pod network's configuration. */
  readonly networks: string;
  /** Folder with a `hosts.toml` for each registry. */
  readonly registries: string;
  /** Image of the pause container. */
  readonly pauseImage: string;
}

export function containerd({ runc, plugins, networks, registries, pauseImage }: ContainerdSettings): string {
  const quoted = JSON.stringify;
  return `version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = [
  "io.containerd.snapshotter.v1.blockfile",
  "io.containerd.snapshotter.v1.erofs",
  "io.containerd.differ.v1.erofs",
  "io.containerd.nri.v1.nri",
  "io.containerd.tracing.processor.v1.otlp",
  "io.containerd.internal.v1.tracing",
]

[grpc]
address = ${quoted(containerdSocket)}

[plugins."io.containerd.cri.v1.images"]
snapshotter = "overlayfs"
discard_unpacked_layers = true

[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = ${quoted(pauseImage)}

[plugins."io.containerd.cri.v1.images".registry]
config_path = ${quoted(registries)}

[plugins."io.containerd.cri.v1.runtime"]
# A process without the right to make itself safer from the out-of-memory killer would fail to.
restrict_oom_score_adj = true

[plugins."io.containerd.cri.v1.runtime".containerd]
default_runtime_name = "runc"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
BinaryName = ${quoted(runc)}

[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = ${quoted(plugins)}
conf_dir = ${quoted(networks)}
`;
}

/** Leads pulls from `registry.petrichor.internal` to the instance's own registry, and never anywhere else. */
export function registryHosts(): string {
  return `server = "http://127.0.0.1:${registryPort}"

[host."http://127.0.0.1:${registryPort}"]
capabilities = ["pull", "resolve"]
`;
}

/** Configuration of the registry itself. Deletion is on, so that images no release needs can go. */
export function registry(folder: string): object {
  return {
    version: 0.1,
    log: { level: "warn", accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: folder },
      delete: { enabled: true },
      cache: { blobdescriptor: "inmemory" },
    },
    http: { addr: `127.0.0.1:${registryPort}` },
  };
}
