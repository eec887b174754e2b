import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { isIP } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../cache";
import { uplinks } from "./addresses";
import { cgroupOf, podAddresses, podNetworkName } from "./configuration/node";
import type { ClusterTools } from "./configuration/write";
import { writeJson } from "./files";
import type { Instance } from "./instance";
import type { Layout } from "./layout";
import { hostInterface, nodeRules, nodeSysctls, unreachable } from "./network";
import { processesOf } from "./processes";

/** Seconds that containers get to end after they were asked to, when the node stops. */
const drainSeconds = 10;

/** Starts the node's first process, which starts the others. Returns its process id on the host. */
export async function startNode(instance: Instance, layout: Layout, tools: ClusterTools): Promise<number> {
  const folders = ["kubelet", "containerd", "registry", "volumes", "etcd", "pod-addresses"].map((name) =>
    join(layout.data, name),
  );
  for (const folder of [...folders, join(layout.logs, "pods")]) await mkdir(folder, { recursive: true, mode: 0o700 });
  await freePodAddresses(join(layout.data, "pod-addresses", podNetworkName));
  const file = join(layout.configuration, "node.json");
  await writeJson(file, nodeConfiguration(instance, layout, tools));
  const environment = { PATH: programPath(tools) };
  const { stdout } = await promisify(execFile)(tools.supervisor, ["start", file], { env: environment });
  return (JSON.parse(stdout) as { pid: number }).pid;
}

/**
 * Frees the addresses of pods of before, none of which runs any more, but goes on counting where it was: until the endpoints of Services
 * are corrected, an address given anew at once would lead a Service's clients to another pod.
 */
async function freePodAddresses(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const given = (await readdir(folder)).filter((name) => isIP(name) !== 0);
  await Promise.all(given.map((name) => rm(join(folder, name))));
}

function nodeConfiguration(instance: Instance, layout: Layout, tools: ClusterTools): object {
  return {
    hostName: instance.name,
    cgroup: `${cgroupOf(instance)}/system`,
    log: join(layout.logs, "supervisor.log"),
    status: layout.status,
    drainSeconds,
    keep: [layout.folder, cacheFolder()],
    network: {
      interface: hostInterface(instance),
      mtu: linkMtu(),
      hostAddress: `${instance.link.host}/${instance.link.prefix}`,
      nodeAddress: `${instance.link.node}/${instance.link.prefix}`,
      sysctls: nodeSysctls,
      unreachable,
      rules: nodeRules(),
    },
    mounts: mounts(layout),
    processes: processesOf(instance, layout, tools, environmentOf(tools)),
  };
}

/** The usual paths of a Kubernetes node, in place of the host's. */
function mounts(layout: Layout): object[] {
  const bind = (source: string, target: string): object => ({ type: "bind", source, target });
  return [
    { type: "tmpfs", target: "/run" },
    { type: "tmpfs", target: "/var/lib" },
    bind(join(layout.data, "kubelet"), "/var/lib/kubelet"),
    bind(join(layout.data, "containerd"), "/var/lib/containerd"),
    bind(join(layout.data, "volumes"), "/var/lib/volumes"),
    bind(join(layout.data, "pod-addresses"), podAddresses),
    bind(layout.logs, "/var/log"),
    { type: "file", target: "/etc/resolv.conf", contents: nameServers() },
    ...Object.entries(kernelSettings).map(([path, value]) => ({
      type: "file",
      target: `/proc/sys/${path}`,
      contents: `${value}\n`,
    })),
  ];
}

/**
 * Kernel settings that the kubelet wants and would change for the whole machine. In the node it reads these values
 * instead, and the machine keeps its own. Source: setupKernelTunables in the kubelet's container manager.
 */
const kernelSettings = {
  "vm/overcommit_memory": 1,
  "vm/panic_on_oom": 0,
  "kernel/panic": 10,
  "kernel/panic_on_oops": 1,
  "kernel/keys/root_maxkeys": 1_000_000,
  "kernel/keys/root_maxbytes": 25_000_000,
} as const;

/** The host's name servers, without those on its loopback, which the node can't reach. */
function nameServers(): string {
  for (const file of ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"]) {
    const text = readIfThere(file);
    const lines = text.split("\n").filter((line) => !/^\s*nameserver\s+(127\.|::1)/.test(line));
    if (lines.some((line) => /^\s*nameserver\s/.test(line))) return lines.join("\n");
  }
  return "";
}

/** Packets that fit the way out need no cutting on it. */
export function linkMtu(): number {
  const sizes = uplinks().map((name) => Number(readIfThere(`/sys/class/net/${name}/mtu`)));
  return Math.min(1500, ...sizes.filter((size) => size > 0));
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function environmentOf(tools: ClusterTools): Record<string, string> {
  // The proxy of a person's shell is meant for containerd's pulls; addresses of the cluster itself need none.
  const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const direct = [
    process.env["NO_PROXY"] ?? process.env["no_proxy"] ?? "",
    "127.0.0.0/8",
    "10.0.0.0/8",
    ".svc",
    ".internal",
  ];
  return {
    PATH: programPath(tools),
    HOME: "/root",
    ...(Object.fromEntries(proxies) as Record<string, string>),
    ...(proxies.length > 0 ? { NO_PROXY: direct.filter((entry) => entry !== "").join(",") } : {}),
  };
}

function programPath(tools: ClusterTools): string {
  const own = ["kubernetes", "containerd", "runc", "nft"] as const;
  return [...new Set(own.map((name) => dirname(tools[name]))), "/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(":");
}
