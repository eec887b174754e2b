import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { uplinks } from "./addresses";
import { cgroupOf } from "./configuration/node";
import { runWithInput } from "./files";
import type { Instance } from "./instance";
import { hostInterface, hostRules, hostTable } from "./network";

/** What is changed on the host, outside of the node; everything else is the node's own and ends with it. */
export interface HostChanges {
  /** Interfaces on which forwarding was switched on for the node's sake. */
  readonly forwarding: readonly string[];
}

/** Lets the node reach the outside: address translation, and forwarding between its interface and the ways out. */
export async function connectHost(instance: Instance, nft: string): Promise<HostChanges> {
  await runWithInput(nft, ["-f", "-"], hostRules(instance));
  setForwarding(hostInterface(instance), true);
  const changed = uplinks().filter((name) => !isForwarding(name));
  for (const name of changed) setForwarding(name, true);
  return { forwarding: changed };
}

/** Takes back what `connectHost` did, as far as no other instance needs it. */
export async function disconnectHost(instance: Instance, changes: HostChanges, nft: string): Promise<void> {
  // Gone already is as good.
  await promisify(execFile)(nft, ["delete", "table", "ip", hostTable(instance)]).catch(() => undefined);
  const others = (await readdir("/sys/class/net")).filter(
    (name) => name.startsWith("petrichor-") && name !== hostInterface(instance),
  );
  if (others.length > 0) return;
  for (const name of changes.forwarding) if (existsSync(forwardingFile(name))) setForwarding(name, false);
}

function forwardingFile(name: string): string {
  return `/proc/sys/net/ipv4/conf/${name}/forwarding`;
}

function isForwarding(name: string): boolean {
  return readFileSync(forwardingFile(name), "utf8").trim() === "1";
}

function setForwarding(name: string, on: boolean): void {
  writeFileSync(forwardingFile(name), on ? "1" : "0");
}

/** Removes the instance's cgroups, from every hierarchy; its processes have to be gone. */
export async function removeCgroups(instance: Instance): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    const folder = join(hierarchy, cgroupOf(instance));
    await removeCgroup(folder);
    // The folder that all instances share goes with the last of them.
    await rmdir(join(folder, "..")).catch(() => undefined);
  }
}

async function hierarchies(): Promise<string[]> {
  const root = "/sys/fs/cgroup";
  if (existsSync(join(root, "cgroup.controllers"))) return [root];
  return (await readdir(root)).map((name) => join(root, name));
}

/** How often, and how many milliseconds apart, a cgroup is tried: the kernel empties it some time after its last process. */
const attempts = 50;
const pause = 20;

async function removeCgroup(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await removeCgroup(join(folder, entry.name));
  for (let attempt = 1; ; attempt++) {
    try {
      await rmdir(folder);
      return;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
      if (attempt === attempts) throw error;
      await sleep(pause);
    }
  }
}
