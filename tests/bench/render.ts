import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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
  readonly toHelm?: number;
  /** Seconds of `kubectl kustomize` of the same objects, in the same run; absent above `kustomizeLimit`, and where kubectl isn't built. */
  readonly kustomize?: number;
  /** `process` in units of kustomize. */
  readonly toKustomize?: number;
  /** Milliseconds of resolving and rendering an app; the same for every count where the cost grows with the number of apps alone. */
  readonly perApp: number;
}

/** Most apps that kustomize is given: it compares every object with every other, and its time grows with their square. */
const kustomizeLimit = 100;

/**
 * Renders different apps of mixed kinds, each count in a process of its own that has nothing cached. Helm's chart and the base of
 * kustomize have the objects as they came out, with nothing left to fill in: the least that both could have to do for them.
 */
export async function bench(counts: readonly number[] = [100, 1000, 4000]): Promise<readonly RenderRow[]> {
  const helm = await toolPath("helm");
  const kubectl = await toolPath("kubectl");
  const rows: RenderRow[] = [];
  for (const apps of counts) rows.push(await measure(apps, helm, kubectl));
  return rows;
}

async function measure(apps: number, helm: string | undefined, kubectl: string | undefined): Promise<RenderRow> {
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
      ...(await besideHelm(helm, chart, seconds)),
      ...(apps > kustomizeLimit ? {} : await besideKustomize(kubectl, templates, seconds)),
      perApp,
    };
  } finally {
    rmSync(chart, { recursive: true, force: true });
  }
}

async function besideHelm(
  helm: string | undefined,
  chart: string,
  own: number,
): Promise<Pick<RenderRow, "helm" | "toHelm" | "kustomize" | "toKustomize">> {
  if (helm === undefined) return {};
  writeFileSync(path.join(chart, "Chart.yaml"), "apiVersion: v2\nname: bench\nversion: 1.0.0\n");
  const peer = await secondsOf(() => discard(helm, "template", "bench", chart));
  return { helm: peer, toHelm: own / peer };
}

async function besideKustomize(
  kubectl: string | undefined,
  folder: string,
  own: number,
): Promise<Pick<RenderRow, "helm" | "toHelm" | "kustomize" | "toKustomize">> {
  if (kubectl === undefined) return {};
  const resources = readdirSync(folder).map((file) => `  - ${file}\n`);
  const header = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n";
  writeFileSync(path.join(folder, "kustomization.yaml"), header + resources.join(""));
  const peer = await secondsOf(() => discard(kubectl, "kustomize", folder));
  return { kustomize: peer, toKustomize: own / peer };
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
