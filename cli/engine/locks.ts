import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";

/** What the file backend writes into a lock. */
export interface Lock {
  readonly file: string;
  readonly pid: number;
  readonly hostname: string;
  /** When the lock was taken. */
  readonly timestamp: Date;
}

/** Facts about this machine's processes, so that the judgement can be tested. */
export interface Processes {
  readonly hostname: string;
  /** When the process started, or nothing if there is none of that id. */
  started(pid: number): Date | undefined;
}

/**
 * Whether the process that took a lock is surely gone: it ran on this machine, and its id is free or was given to a process
 * that started after the lock was taken. A lock of another machine is never judged dead.
 */
export function isDead(lock: Lock, processes: Processes): boolean {
  if (lock.hostname !== processes.hostname) return false;
  const started = processes.started(lock.pid);
  return started === undefined || started.getTime() > lock.timestamp.getTime() + clockSlack;
}

/** Milliseconds by which the kernel's idea of a start time may be late: it counts in ticks since boot. */
const clockSlack = 2000;

/** Takes away the locks of a stack whose process is gone; returns them, and those that stay. */
export function clearDeadLocks(backendFolder: string, stack: string): { cleared: Lock[]; held: Lock[] } {
  const locks = readLocks(path.join(backendFolder, ".pulumi/locks/organization", projectName, stack));
  const cleared = locks.filter((lock) => isDead(lock, thisMachine));
  for (const { file } of cleared) rmSync(file, { force: true });
  return { cleared, held: locks.filter((lock) => !cleared.includes(lock)) };
}

/** Name of the Pulumi project, as `Pulumi.yaml` says. */
export const projectName = "petrichor";

function readLocks(folder: string): Lock[] {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch {
    return [];
  }
  return files.filter((name) => name.endsWith(".json")).map((name) => readLock(path.join(folder, name)));
}

function readLock(file: string): Lock {
  const content = JSON.parse(readFileSync(file, "utf8")) as { pid: number; hostname: string; timestamp: string };
  return { file, pid: content.pid, hostname: content.hostname, timestamp: new Date(content.timestamp) };
}

/** Field of `/proc/<pid>/stat`, counted behind the program's name: start time in ticks since boot. */
const startTimeField = 19;
/** Ticks per second of `/proc`; fixed for user space on every architecture that we run on. */
const ticksPerSecond = 100;

/** The processes of the machine that this runs on. */
export const thisMachine: Processes = {
  hostname: hostname(),
  started(pid) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // A process that was killed and whose parent has not asked for its end yet works no more.
      if (fields[0] === "Z") return undefined;
      const ticks = Number(fields[startTimeField]);
      const boot = Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
      return new Date((boot + ticks / ticksPerSecond) * 1000);
    } catch {
      return runs(pid) ? new Date(0) : undefined;
    }
  },
};

/** For systems without `/proc`: a process of that id runs, whoever it is. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
