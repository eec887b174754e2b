import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";

/** What an instance can leave on the host, as lines that a person can read. */
export function tracesOf(instance: {
  readonly id: string;
  readonly folder: string;
  readonly network: string | undefined;
}): string[] {
  const mentions = (text: string): boolean => text.includes(instance.id) || text.includes(instance.folder);
  const processes = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid);
  return [
    ...lines("/proc/self/mountinfo")
      .filter(mentions)
      .map((mount) => `mount ${mount}`),
    ...readdirSync("/sys/class/net")
      .filter(mentions)
      .map((name) => `interface ${name}`),
    ...cgroups("/sys/fs/cgroup")
      .filter(mentions)
      .map((path) => `cgroup ${path}`),
    ...execFileSync("nft", ["list", "tables"], { encoding: "utf8" })
      .split("\n")
      .filter(mentions)
      .map((table) => `firewall ${table}`),
    ...processes.filter((pid) => networkOf(pid) === instance.network).map((pid) => `process ${pid}: ${command(pid)}`),
    ...processes
      .map((pid) => [pid, command(pid)] as const)
      .filter(([, text]) => text.includes(instance.folder))
      .map(([pid, text]) => `process ${pid}: ${text}`),
    ...(statSync(instance.folder, { throwIfNoEntry: false }) === undefined ? [] : [`folder ${instance.folder}`]),
  ];
}

/** The network namespace of a process, for example `net:[4026532281]`. */
export function networkOf(pid: string | number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

function command(pid: string): string {
  return lines(`/proc/${pid}/cmdline`).join(" ").replaceAll("\0", " ");
}

function lines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}

function cgroups(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => [join(folder, entry.name), ...cgroupsIfThere(join(folder, entry.name))]);
}

function cgroupsIfThere(folder: string): string[] {
  try {
    return cgroups(folder);
  } catch {
    return [];
  }
}
