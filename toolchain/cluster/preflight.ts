import { existsSync, readFileSync, statfsSync } from "node:fs";
import { platform, release } from "node:os";
import { PetrichorError } from "../../components/errors";
import { nearestExisting } from "../cache";

/** What a machine is like, as far as the embedded cluster minds. */
export interface Machine {
  /** As Node tells it: `linux`, `darwin`, … */
  readonly platform: string;
  readonly root: boolean;
  /** Bits of the effective capabilities, as in `CapEff` of `/proc/self/status`. */
  readonly capabilities: bigint;
  /** File systems that the kernel knows or has a module for. */
  readonly overlayfs: boolean;
  /** Controllers of cgroups (either version) that are there. */
  readonly controllers: readonly string[];
  /** Folder of the cluster's state, and the bytes that are free there. */
  readonly folder: string;
  readonly freeBytes: number;
}

/** Images, logs and etcd of a cluster with a few apps; measured at about 1 GiB. */
const neededBytes = 3 * 2 ** 30;
const neededControllers = ["cpu", "cpuset", "memory", "pids"];
const neededCapabilities: Readonly<Record<string, bigint>> = { CAP_NET_ADMIN: 12n, CAP_SYS_ADMIN: 21n };

const elsewhere = "Or use a cluster that exists: name its kubeconfig context in the stack file (`existing`).";

/** @throws PetrichorError MACHINE_UNSUITABLE, with everything that is missing */
export function requireSuitable(machine: Machine): void {
  const problems = problemsOf(machine);
  if (problems.length === 0) return;
  const [message, fix] = [problems.map(([what]) => what).join(" "), problems.map(([, how]) => how).join(" ")];
  throw new PetrichorError(
    "MACHINE_UNSUITABLE",
    `This machine can't run the embedded cluster: ${message}`,
    `${fix} ${elsewhere}`,
  );
}

type Problem = readonly [what: string, how: string];

/** Everything that stands in the way of an embedded cluster, and how to get it out of the way. */
export function problemsOf(machine: Machine): Problem[] {
  if (machine.platform !== "linux") {
    return [
      [`it runs ${machine.platform}, and containers are a feature of Linux.`, "Run it in a Linux virtual machine."],
    ];
  }
  if (!machine.root) return [["only root may create containers.", "Run it as root (sudo)."]];
  const problems: Problem[] = [];
  const missing = Object.keys(neededCapabilities).filter(
    (name) => ((machine.capabilities >> (neededCapabilities[name] ?? 0n)) & 1n) === 0n,
  );
  if (missing.length > 0) {
    problems.push([
      `it is a container without the rights of root (${missing.join(", ")}).`,
      "Run the container as a privileged one.",
    ]);
  }
  if (!machine.overlayfs) {
    problems.push(["its kernel has no overlayfs.", "Load the module (modprobe overlay) or use a kernel that has it."]);
  }
  const absent = neededControllers.filter((name) => !machine.controllers.includes(name));
  if (absent.length > 0) {
    problems.push([
      `its kernel has no cgroup controller ${absent.join(", ")}.`,
      "Mount /sys/fs/cgroup, and take `cgroup_disable` out of the kernel's command line.",
    ]);
  }
  if (machine.freeBytes < neededBytes) {
    const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
    problems.push([
      `${gibibytes(machine.freeBytes)} are free in ${machine.folder}, ${gibibytes(neededBytes)} are needed.`,
      "Free space there, or name a folder on another disk in PETRICHOR_HOME.",
    ]);
  }
  return problems;
}

/** Looks at the machine that this runs on. */
export function inspectMachine(folder: string): Machine {
  const { bavail, bsize } = statfsSync(nearestExisting(folder));
  return {
    platform: platform(),
    root: process.getuid?.() === 0,
    capabilities: BigInt(`0x${/^CapEff:\s*(\S+)/m.exec(read("/proc/self/status"))?.[1] ?? "0"}`),
    overlayfs: /\boverlay$/m.test(read("/proc/filesystems")) || existsSync(`/lib/modules/${release()}`),
    controllers: controllers(),
    folder,
    freeBytes: bavail * bsize,
  };
}

function controllers(): string[] {
  const unified = read("/sys/fs/cgroup/cgroup.controllers");
  if (unified !== "") return unified.trim().split(" ");
  return neededControllers.filter((name) => existsSync(`/sys/fs/cgroup/${name}/cgroup.procs`));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
