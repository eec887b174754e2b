import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { toolPath } from "../../toolchain/locate";
import { secondsOf } from "./measure/seconds";
import type { Rendered } from "./render/main";

const root = path.resolve(__dirname, "../..");

export interface RenderRow extends Rendered {
  readonly apps: number;
  /** Seconds of the whole process: start, resolve, render, and YAML in files. */
  readonly process: number;
  /** Seconds of `helm template` of the same objects, in the same run; absent where helm isn't built. */
  readonly helm?: number;
  /** `process` in units of helm. */
  readonly ratio?: number;
}

/**
 * Renders different apps of mixed kinds, each count in a process of its own that has nothing cached. Helm's chart has the
 * objects as they came out, with nothing left to fill in: the least that Helm could have to do for them.
 */
export async function bench(counts: readonly number[] = [1000, 4000]): Promise<readonly RenderRow[]> {
  const helm = await toolPath("helm");
  const rows: RenderRow[] = [];
  for (const apps of counts) rows.push(await measure(apps, helm));
  return rows;
}

async function measure(apps: number, helm: string | undefined): Promise<RenderRow> {
  const chart = mkdtempSync(path.join(tmpdir(), "petrichor-bench-"));
  try {
    writeFileSync(path.join(chart, "Chart.yaml"), "apiVersion: v2\nname: bench\nversion: 1.0.0\n");
    const args = ["--import", "tsx", path.join(__dirname, "render/main.ts"), `${apps}`, path.join(chart, "templates")];
    let stdout = "";
    const seconds = await secondsOf(async () => {
      ({ stdout } = await promisify(execFile)(process.execPath, args, { cwd: root }));
    });
    const row = { apps, ...(JSON.parse(stdout) as Rendered), process: seconds };
    if (helm === undefined) return row;
    const peer = await secondsOf(() => discard(helm, "template", "bench", chart));
    return { ...row, helm: peer, ratio: seconds / peer };
  } finally {
    rmSync(chart, { recursive: true, force: true });
  }
}

/** Runs a program to its end and drops what it prints. */
function discard(program: string, ...args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ${args.join(" ")} ended with ${code}`));
    });
  });
}
