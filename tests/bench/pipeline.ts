import { readFileSync } from "node:fs";
import { clusterStatus } from "../../toolchain/cluster/status";
import { findTools } from "../../toolchain/locate";
import { TestProject } from "../support/project";

export interface PipelineRow {
  readonly what: string;
  readonly value: number;
  readonly unit: "s" | "MiB";
}

/** The tools as they were built, and the way from nothing to an answer: cold, unchanged, and from a stopped cluster. Tools are built before. */
export async function bench(report: (row: PipelineRow) => void = print): Promise<readonly PipelineRow[]> {
  const rows: PipelineRow[] = [];
  const add = (what: string, value: number, unit: PipelineRow["unit"]): void => {
    const row = { what, value: Math.round(value * 10) / 10, unit };
    rows.push(row);
    report(row);
  };
  for (const [name, state] of await findTools()) {
    if (state.state !== "built") continue;
    add(`build of ${name}`, state.record.seconds, "s");
    add(`size of ${name}`, state.record.bytes / 2 ** 20, "MiB");
  }
  const project = new TestProject();
  try {
    const timed = async (what: string, ...args: readonly string[]): Promise<void> => {
      const began = performance.now();
      const { code, stderr } = await project.run(args);
      if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stderr}`);
      add(what, (performance.now() - began) / 1000, "s");
    };
    await timed("cluster start from nothing", "cluster", "start");
    await timed("first up", "up");
    await timed("up that changes nothing", "up");
    add("idle cluster, proportional set size", await memory(project.home), "MiB");
    await timed("cluster stop", "cluster", "stop");
    await timed("up from a stopped cluster", "up");
  } finally {
    project.delete();
  }
  return rows;
}

async function memory(home: string): Promise<number> {
  const { parts } = await clusterStatus({ name: "local", home });
  const kibibytes = parts.map(({ pid }) => (pid === undefined ? 0 : proportionalSetSize(pid)));
  return kibibytes.reduce((sum, one) => sum + one, 0) / 1024;
}

function proportionalSetSize(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
}

function print({ what, value, unit }: PipelineRow): void {
  process.stdout.write(`${what}: ${value} ${unit}\n`);
}
