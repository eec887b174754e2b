import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { uplinks } from "./addresses";
import { cgroupOf } from "./configuration/node";
import { isMissing, runWithInput } from "./files";
import type { Instance } from "./instance";
import { hostInterface, hostRules, hostTable } from "./network";

/** What is changed on the host, outside of the node; everything else is the node's own and ends with it. */
export interface HostChanges {
  /** Settings of the kernel that were changed for the node's sake, as paths below /proc/sys, with their value before. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Watches on files that one user may have: each kubelet and containerd needs some dozens, and the kernel's 128 are soon
 * used up where other clusters, editors and build tools run. The value is what clusters' guides recommend.
 */
const inotifyInstances = { path: "fs/inotify/max_user_instances", least: 1024 } as const;

/** Raises limits that are too low for a node. */
export function prepareHost(): HostChanges {
  const before = readSetting(inotifyInstances.path);
  if (Number(before) >= inotifyInstances.least) return { settings: {} };
  writeSetting(inotifyInstances.path, String(inotifyInstances.least));
  return { settings: { [inotifyInstances.path]: before } };
}

/** Lets the node reach the outside: address translation, and forwarding between its interface and the ways out. */
export async function connectHost(instance: Instance, nft: string): Promise<HostChanges> {
  await runWithInput(nft, ["-f", "-"], hostRules(instance));
  writeSetting(forwarding(hostInterface(instance)), "1");
  const changed = uplinks()
    .map(forwarding)
    .filter((path) => readSetting(path) === "0");
  for (const path of changed) writeSetting(path, "1");
  return { settings: Object.fromEntries(changed.map((path) => [path, "0"])) };
}

/** The programs that clean up. */
export interface HostTools {
  readonly nft: string;
  readonly supervisor: string;
}

/** Takes back what `prepareHost` and `connectHost` did, as far as no other instance needs it. */
export async function disconnectHost(instance: Instance, changes: HostChanges, tools: HostTools): Promise<void> {
  await promisify(execFile)(tools.supervisor, ["disconnect", hostInterface(instance)]);
  // Gone already is as good.
  await promisify(execFile)(tools.nft, ["delete", "table", "ip", hostTable(instance)]).catch(() => undefined);
  const others = (await readdir("/sys/class/net")).filter(
    (name) => name.startsWith("petrichor-") && name !== hostInterface(instance),
  );
  if (others.length > 0) return;
  for (const [path, value] of Object.entries(changes.settings)) {
    if (existsSync(settingFile(path))) writeSetting(path, value);
  }
}

function forwarding(name: string): string {
  return `net/ipv4/conf/${name}/forwarding`;
}

function settingFile(path: string): string {
  return join("/proc/sys", path);
}

function readSetting(path: string): string {
  return readFileSync(settingFile(path), "utf8").trim();
}

function writeSetting(path: string, value: string): void {
  writeFileSync(settingFile(path), value);
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

/** How often, and how many milliseconds apart, is looked whether the kernel has cleaned up behind the last process. */
const attempts = 500;
const pause = 20;

/** The kernel empties a cgroup some time after its last process has ended. */
async function removeCgroup(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await removeCgroup(join(folder, entry.name));
  for (let attempt = 1; ; attempt++) {
    try {
      await rmdir(folder);
      return;
    } catch (error) {
      if (isMissing(error)) return;
      if (attempt === attempts) throw error;
      await sleep(pause);
    }
  }
}
