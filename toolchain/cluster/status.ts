import { readFile } from "node:fs/promises";
import { isApiReady, isNodeReady } from "./api";
import { clusterAddresses, type ClusterAddresses } from "./cluster";
import { readInstance } from "./instance";
import { layoutOf, type ClusterName } from "./layout";
import { findNode, nodeProcesses } from "./running";
import { readStatus, type ProcessStatus } from "./waiting";

/** A part of the node. */
export interface PartStatus extends Omit<ProcessStatus, "pid"> {
  readonly name: string;
  /** Process id on the host; absent while it isn't running. */
  readonly pid?: number;
}

export interface ClusterStatus {
  readonly name: string;
  /** `absent`: never started or deleted. `starting`: its processes run, its node takes no pods (yet). */
  readonly state: "absent" | "stopped" | "starting" | "ready";
  /** Absent for an absent instance. */
  readonly addresses?: ClusterAddresses;
  readonly apiReady: boolean;
  readonly nodeReady: boolean;
  /** The node's processes; none while it is stopped. */
  readonly parts: readonly PartStatus[];
}

/** Whether an instance was made, and runs. Asks no process of it. */
export async function clusterPresence(cluster: ClusterName): Promise<"absent" | "stopped" | "running"> {
  const layout = layoutOf(cluster);
  if ((await clusterAddresses(cluster)) === undefined) return "absent";
  return (await findNode(layout)) === undefined ? "stopped" : "running";
}

/** How an instance is. Changes nothing. */
export async function clusterStatus(cluster: ClusterName): Promise<ClusterStatus> {
  const layout = layoutOf(cluster);
  const { name } = cluster;
  const nothing = { name, apiReady: false, nodeReady: false, parts: [] };
  const [instance, addresses] = await Promise.all([readInstance(layout), clusterAddresses(cluster)]);
  if (instance === undefined || addresses === undefined) return { ...nothing, state: "absent" };
  const node = await findNode(layout);
  if (node === undefined) return { ...nothing, state: "stopped", addresses };
  const [apiReady, nodeReady, status] = await Promise.all([
    isApiReady(instance, layout),
    isNodeReady(instance, layout),
    readStatus(layout),
  ]);
  return {
    name,
    state: apiReady && nodeReady ? "ready" : "starting",
    addresses,
    apiReady,
    nodeReady,
    parts: partsOf(status, nodeProcesses(node)),
  };
}

function partsOf(
  status: Readonly<Record<string, ProcessStatus>>,
  processes: ReadonlyMap<number, number>,
): PartStatus[] {
  return Object.entries(status).map(([name, { pid: inside, ...rest }]) => {
    const pid = processes.get(inside);
    return { name, ...rest, ...(pid === undefined ? {} : { pid }) };
  });
}

/** Memory of one process of the node. */
export interface ProcessMemory {
  /** Process id on the host. */
  readonly pid: number;
  readonly command: string;
  /** Proportional set size: pages that several processes share are split between them. */
  readonly bytes: number;
}

/** Memory of everything that runs in an instance, its pods included; the largest first. Empty when it isn't running. */
export async function clusterMemory(cluster: ClusterName): Promise<ProcessMemory[]> {
  const node = await findNode(layoutOf(cluster));
  if (node === undefined) return [];
  const found = await Promise.all([...nodeProcesses(node).values()].map(memoryOf));
  return found.filter((memory) => memory !== undefined).sort((a, b) => b.bytes - a.bytes);
}

/** Undefined for a process that has ended meanwhile. */
async function memoryOf(pid: number): Promise<ProcessMemory | undefined> {
  try {
    const [rollup, command] = await Promise.all([
      readFile(`/proc/${pid}/smaps_rollup`, "utf8"),
      readFile(`/proc/${pid}/cmdline`, "utf8"),
    ]);
    const kibibytes = Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    return { pid, command: command.replaceAll("\0", " ").trim(), bytes: kibibytes * 1024 };
  } catch {
    return undefined;
  }
}
