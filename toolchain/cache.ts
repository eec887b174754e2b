import { existsSync } from "node:fs";
import { mkdir, readdir, readlink, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PetrichorError } from "../components/errors";
import { machineCache } from "../components/machine";
import { systemErrorCode } from "./system-error";

/** Where built tools are kept: `PETRICHOR_CACHE`, else `~/.cache/petrichor`. */
export function cacheFolder(): string {
  return machineCache();
}

/** The folder of one version of a tool; its name is the tool's key, so whatever changes the result changes the folder. */
export function entryFolder(name: string, key: string): string {
  return join(cacheFolder(), "tools", name, key);
}

export function logFile(name: string): string {
  return join(cacheFolder(), "logs", `${name}.log`);
}

/** Where an entry is made before it is renamed into place. The process id tells whether its maker still lives. */
export function partialFolder(name: string): string {
  return join(cacheFolder(), "tools", name, `.partial-${process.pid}`);
}

/** Removes what interrupted builds left behind. */
export async function removeAbandoned(name: string): Promise<void> {
  const folder = join(cacheFolder(), "tools", name);
  for (const entry of await list(folder)) {
    const pid = /^\.partial-(\d+)$/.exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, entry), { recursive: true, force: true });
  }
}

export interface OutdatedEntry {
  readonly folder: string;
  readonly bytes: number;
}

/**
 * Removes entries other than those given as current, and returns them. An entry stays while a process runs a program from
 * it: a container's shim is started by path long after containerd itself.
 */
export async function cleanCache(current: ReadonlySet<string>): Promise<OutdatedEntry[]> {
  const running = await runningPrograms();
  const removed: OutdatedEntry[] = [];
  const root = join(cacheFolder(), "tools");
  for (const name of await list(root)) {
    await removeAbandoned(name);
    for (const key of await list(join(root, name))) {
      const folder = join(root, name, key);
      const inUse = key.startsWith(".partial-") || running.some((program) => program.startsWith(folder + "/"));
      if (inUse || current.has(folder)) continue;
      removed.push({ folder, bytes: await sizeOf(folder) });
      await rm(folder, { recursive: true, force: true });
    }
  }
  return removed;
}

/**
 * Fails before a build that would fill the disk.
 *
 * @param needed free bytes the work takes; measured, with room to spare.
 */
export async function requireSpace(folder: string, needed: number, purpose: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw diskFull(error, folder) ?? error;
  });
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= needed) return;
  throw new PetrichorError(
    "DISK_FULL",
    `${purpose} needs ${gibibytes(needed)} in ${folder}, where ${gibibytes(free)} are free.`,
    "Free space there, or name a folder on another disk in PETRICHOR_CACHE (Go's own: GOCACHE, GOMODCACHE, GOTMPDIR).",
  );
}

/** The error a person sees when a write failed because the disk is full; undefined for every other error. */
export function diskFull(error: unknown, folder: string): PetrichorError | undefined {
  if (!["ENOSPC", "EDQUOT"].includes(systemErrorCode(error) ?? "")) return undefined;
  return new PetrichorError(
    "DISK_FULL",
    `${folder} has no space left.`,
    "Free space there (`npm run toolchain clean` removes outdated tools), or set PETRICHOR_CACHE to another disk.",
    {},
    { cause: error },
  );
}

/** Bytes of a folder's files; links count nothing. */
export async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

/** The nearest folder above that exists, so that its disk can be asked. */
export function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === "EPERM";
  }
}

async function runningPrograms(): Promise<string[]> {
  const pids = (await list("/proc")).filter((entry) => /^\d+$/.test(entry));
  // A process may end meanwhile, and another user's can't be read: neither runs our programs.
  const programs = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/exe`).catch(() => "")));
  return programs.filter((program) => program !== "");
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw error;
  });
}
