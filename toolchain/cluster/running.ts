import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { readJson, writeJson } from "./files";
import type { HostChanges } from "./host";
import type { Layout } from "./layout";

/** The node's first process, told apart from a later one with the same id, and what its start changed on the host. */
interface RunningNode extends HostChanges {
  readonly pid: number;
  /** When it started, in clock ticks since boot. */
  readonly startTime: string;
  readonly boot: string;
}

/** Remembers the node's first process, so that a later command finds it. */
export async function rememberNode(layout: Layout, pid: number, changes: HostChanges): Promise<void> {
  const startTime = startTimeOf(pid);
  if (startTime === undefined) throw new Error(`the node's first process (${pid}) ended at once`);
  await writeJson(layout.running, { pid, startTime, boot: bootId(), ...changes } satisfies RunningNode);
}

/** The process id of the node's first process if it is alive. */
export async function findNode(layout: Layout): Promise<number | undefined> {
  const remembered = await readJson<RunningNode>(layout.running);
  if (remembered === undefined) return undefined;
  const { pid, startTime, boot } = remembered;
  return boot === bootId() && startTimeOf(pid) === startTime ? pid : undefined;
}

/** What starts since the machine's boot changed on it. */
export async function hostChanges(layout: Layout): Promise<HostChanges> {
  const remembered = await readJson<RunningNode>(layout.running);
  return { settings: remembered?.boot === bootId() ? remembered.settings : {} };
}

/**
 * Ends the node's first process, and with it all of the node.
 *
 * @param signal SIGTERM ends part by part and lets containers finish, SIGKILL everything at once
 * @param patience milliseconds until SIGTERM is followed by SIGKILL
 */
export async function endNode(pid: number, signal: "SIGTERM" | "SIGKILL", patience: number): Promise<void> {
  const startTime = startTimeOf(pid);
  const isAlive = (): boolean => startTime !== undefined && startTimeOf(pid) === startTime;
  if (isAlive()) process.kill(pid, signal);
  for (const deadline = Date.now() + patience; isAlive() && Date.now() < deadline;) await sleep(20);
  if (isAlive()) process.kill(pid, "SIGKILL");
  while (isAlive()) await sleep(20);
}

/** Process ids on the host of everything that runs in the node, by the id that it has inside. */
export function nodeProcesses(node: number): ReadonlyMap<number, number> {
  const space = namespaceOf(node);
  const found = new Map<number, number>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    // Containers have process spaces of their own inside the node's: their ids are listed from the outermost inwards.
    const ids = /^NSpid:\t(.*)$/m.exec(readIfThere(`/proc/${entry}/status`))?.[1]?.split("\t") ?? [];
    if (ids.length >= 2 && isWithin(Number(entry), node, space)) found.set(Number(ids[1]), Number(entry));
  }
  return found;
}

/** A process of the node either is in its process space or descends from one that is. */
function isWithin(pid: number, node: number, space: string): boolean {
  for (let current = pid; current > 1; current = parentOf(current)) {
    if (current === node || namespaceOf(current) === space) return true;
  }
  return false;
}

function parentOf(pid: number): number {
  return Number(/^PPid:\t(\d+)$/m.exec(readIfThere(`/proc/${pid}/status`))?.[1] ?? 0);
}

function namespaceOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return "";
  }
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** When a process started, in clock ticks since boot; undefined when there is none or it has ended. */
function startTimeOf(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // The second field is the name in brackets, which may hold blanks and brackets itself.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const fieldsBetween = 18;
  return state === undefined || state === "" || state === "Z" ? undefined : rest[fieldsBetween];
}

function readIfThere(file: string): string {
  try {
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  } catch {
    return "";
  }
}
