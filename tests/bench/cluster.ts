import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureTools } from "../../toolchain/build";
import { deleteCluster, startCluster, stopCluster } from "../../toolchain/cluster/cluster";
import { clusterTools } from "../../toolchain/cluster/configuration/write";
import { clusterMemory, type ProcessMemory } from "../../toolchain/cluster/status";
import { lineReporter } from "../../toolchain/report";
import { secondsOf } from "./measure/seconds";

export interface ClusterRow {
  readonly what: string;
  readonly value: number;
  readonly unit: "s" | "MiB";
}

/** Milliseconds after which a started cluster counts as idle: its controllers have made and caught up with what they watch. */
const settling = 30_000;

/** An instance of its own from nothing to a node that takes pods, its memory when idle, stop, and start with its data. Tools are built before. */
export async function bench(): Promise<readonly ClusterRow[]> {
  await ensureTools(clusterTools, { report: lineReporter() });
  const home = mkdtempSync(path.join(tmpdir(), "petrichor-bench-"));
  const cluster = { name: "bench", home };
  try {
    const start = await secondsOf(() => startCluster(cluster));
    await sleep(settling);
    const memory = byProgram(await clusterMemory(cluster));
    const stop = await secondsOf(() => stopCluster(cluster));
    const restart = await secondsOf(() => startCluster(cluster));
    const idle = [...memory.values()].reduce((sum, mebibytes) => sum + mebibytes, 0);
    return [
      { what: "start from nothing", value: start, unit: "s" },
      { what: "stop", value: stop, unit: "s" },
      { what: "start with its data", value: restart, unit: "s" },
      { what: "idle, proportional set size", value: idle, unit: "MiB" },
      ...[...memory].map(([what, value]) => ({ what: `idle, ${what}`, value, unit: "MiB" }) as const),
    ];
  } finally {
    await deleteCluster(cluster);
    rmSync(home, { recursive: true, force: true });
  }
}

/** MiB of each program, all its processes together; the largest first. */
function byProgram(processes: readonly ProcessMemory[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { command, bytes } of processes) {
    const started = path.basename(command.split(" ")[0] ?? command);
    // The supervisor starts itself anew by this path.
    const program = started === "exe" ? "supervisor" : started;
    sums.set(program, (sums.get(program) ?? 0) + bytes / 2 ** 20);
  }
  return new Map([...sums].sort(([, a], [, b]) => b - a));
}
