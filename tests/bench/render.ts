import { execFile, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
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
  readonly toHelm?: number;
  /** Seconds of `kubectl kustomize` of the same objects, in the same run, a process for each `kustomizeApps` apps; absent where kubectl isn't built. */
  readonly kustomize?: number;
  /** `process` in units of kustomize. */
  readonly toKustomize?: number;
  /** Milliseconds of resolving and rendering an app. */
  readonly perApp: number;
  /** `perApp` in units of that of the first count: 1 where the cost grows with the number of apps alone, and 4 from 1000 to 4000 were it to grow with its square. */
  readonly growth: number;
}

/**
 * Apps that one process of kustomize is given. It compares every object with every other, and its time grows with their square (1200 objects
 * took 23 s in one piece): ten apps are where starting processes and comparing cost it least together.
 */
const kustomizeApps = 10;

/**
 * Renders different apps of mixed kinds, each count in a process of its own that has nothing cached. Helm's chart and the base of
 * kustomize have the objects as they came out, with nothing left to fill in: the least that both could have to do for them.
 */
export async function bench(counts: readonly number[] = [1000, 2000, 4000]): Promise<readonly RenderRow[]> {
  const helm = await toolPath("helm");
  const kubectl = await toolPath("kubectl");
  const rows: Measured[] = [];
  for (const apps of counts) rows.push(await measure(apps, helm, kubectl));
  const [first] = rows;
  return rows.map((row) => ({ ...row, growth: row.perApp / (first?.perApp ?? row.perApp) }));
}

type Measured = Omit<RenderRow, "growth">;

async function measure(apps: number, helm: string | undefined, kubectl: string | undefined): Promise<Measured> {
  const chart = mkdtempSync(path.join(tmpdir(), "petrichor-bench-"));
  try {
    const templates = path.join(chart, "templates");
    const args = ["--import", "tsx", path.join(__dirname, "render/main.ts"), `${apps}`, templates];
    let stdout = "";
    const seconds = await secondsOf(async () => {
      ({ stdout } = await promisify(execFile)(process.execPath, args, { cwd: root }));
    });
    const rendered = JSON.parse(stdout) as Rendered;
    const perApp = (1000 * (rendered.resolve + rendered.render)) / apps;
    return {
      apps,
      ...rendered,
      process: seconds,
      ...(await besideHelm(helm, chart, seconds, rendered.objects)),
      ...(await besideKustomize(kubectl, templates, seconds, rendered.objects)),
      perApp,
    };
  } finally {
    rmSync(chart, { recursive: true, force: true });
  }
}

type Beside = Pick<RenderRow, "helm" | "toHelm" | "kustomize" | "toKustomize">;

async function besideHelm(helm: string | undefined, chart: string, own: number, objects: number): Promise<Beside> {
  if (helm === undefined) return {};
  writeFileSync(path.join(chart, "Chart.yaml"), "apiVersion: v2\nname: bench\nversion: 1.0.0\n");
  let made = 0;
  const peer = await secondsOf(async () => {
    made = await objectsPrinted(helm, "template", "bench", chart);
  });
  requireSame("helm template", made, objects);
  return { helm: peer, toHelm: own / peer };
}

async function besideKustomize(
  kubectl: string | undefined,
  templates: string,
  own: number,
  objects: number,
): Promise<Beside> {
  if (kubectl === undefined) return {};
  const files = readdirSync(templates);
  const folder = path.join(path.dirname(templates), "kustomize");
  const parts = Array.from({ length: Math.ceil(files.length / kustomizeApps) }, (_, index) => {
    const part = path.join(folder, String(index));
    mkdirSync(part, { recursive: true });
    const own = files.slice(index * kustomizeApps, (index + 1) * kustomizeApps);
    for (const file of own) copyFileSync(path.join(templates, file), path.join(part, file));
    const header = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n";
    writeFileSync(path.join(part, "kustomization.yaml"), header + own.map((file) => `  - ${file}\n`).join(""));
    return part;
  });
  let made = 0;
  const peer = await secondsOf(async () => {
    for (const part of parts) made += await objectsPrinted(kubectl, "kustomize", part);
  });
  requireSame("kubectl kustomize", made, objects);
  return { kustomize: peer, toKustomize: own / peer };
}

function requireSame(peer: string, made: number, objects: number): void {
  if (made !== objects) throw new Error(`${peer} made ${made} objects, and not ${objects}`);
}

/** Runs a program to its end, and counts the objects that it prints. */
function objectsPrinted(program: string, ...args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    let objects = 0;
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("apiVersion:")) objects++;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(objects);
      else reject(new Error(`${program} ${args.join(" ")} ended with ${code}`));
    });
  });
}
