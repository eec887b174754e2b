import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureTools } from "../../toolchain/build";
import { lineReporter } from "../../toolchain/report";
import type { ToolPaths } from "../../toolchain/tools";
import { ControlPlane } from "../live/provider/control-plane";
import { Engine, type Resource, type Tools } from "../live/provider/engine";

interface Setting {
  readonly environment: Readonly<Record<string, string>>;
  /** Whether `pulumi-journal` runs the engine, as it does for the project's own stacks. */
  readonly journal: boolean;
  /** Number of objects up to which it is measured. */
  readonly most: number;
}

/** Ways to remember what the engine did: as plain `pulumi` does, as the project does, and not before the end. */
const settings: Readonly<Record<string, Setting>> = {
  // The time grows with the square of the objects: 2000 would take minutes.
  checkpoints: { environment: {}, journal: false, most: 1000 },
  journal: { environment: {}, journal: true, most: Infinity },
  nothing: { environment: { PULUMI_EXPERIMENTAL: "1", PULUMI_SKIP_CHECKPOINTS: "1" }, journal: false, most: Infinity },
};

export interface Row {
  readonly objects: number;
  readonly setting: string;
  /** Seconds of `kubectl apply --server-side` of the same objects, in the same run. */
  readonly kubectl: number;
  readonly up: number;
  /** `up` in units of kubectl. */
  readonly ratio: number;
  /** Seconds of a preview that finds nothing to change. */
  readonly unchanged: number;
}

/**
 * Creates ConfigMaps on an API server of its own with kubectl and with the engine, both on the same machine at the same
 * time of day: only the ratio says something, seconds depend on the machine.
 */
export async function bench(
  counts: readonly number[] = [250, 1000, 2000, 4000],
  report: (row: Row) => void = print,
): Promise<readonly Row[]> {
  const tools = await ensureTools(
    ["pulumi", "pulumi-journal", "pulumi-language-nodejs", "pulumi-resource-kubernetes", "kubernetes"],
    { report: lineReporter() },
  );
  const plane = await new ControlPlane(tools).start();
  try {
    const rows: Row[] = [];
    for (const objects of counts) {
      for (const [name, setting] of Object.entries(settings).filter(([, { most }]) => objects <= most)) {
        const row = await measure(plane, tools, objects, name, setting);
        report(row);
        rows.push(row);
      }
    }
    return rows;
  } finally {
    await plane.stop();
  }
}

async function measure(
  plane: ControlPlane,
  tools: Tools & ToolPaths<"pulumi-journal" | "kubernetes">,
  objects: number,
  name: string,
  { environment, journal }: Setting,
): Promise<Row> {
  const kubeconfig = plane.kubeconfig();
  const program = journal ? tools["pulumi-journal"] : undefined;
  const engine = await new Engine(tools, { KUBECONFIG: kubeconfig, ...environment }, program).create();
  try {
    const namespaces = ["pulumi", "kubectl"].map((by) => `${by}-${name}-${objects}`) as [string, string];
    for (const namespace of namespaces)
      await plane.request("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
    const file = join(engine.folder, "all.json");
    const items = configMaps(namespaces[1], objects).map(({ inputs }) => inputs);
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    const began = process.hrtime.bigint();
    await promisify(execFile)(
      tools.kubectl,
      ["--kubeconfig", kubeconfig, "apply", "--server-side", "--filename", file],
      {
        maxBuffer: 64 * 2 ** 20,
      },
    );
    const applied = Number(process.hrtime.bigint() - began) / 1e9;
    const resources = configMaps(namespaces[0], objects);
    const up = await engine.up(resources, { events: false });
    const unchanged = await engine.preview(resources, { events: false });
    for (const { code, output } of [up, unchanged]) if (code !== 0) throw new Error(output);
    return {
      ...{ objects, setting: name, kubectl: applied, up: up.seconds },
      ...{ ratio: up.seconds / applied, unchanged: unchanged.seconds },
    };
  } finally {
    engine.remove();
  }
}

function configMaps(namespace: string, count: number): readonly Resource[] {
  return Array.from({ length: count }, (_, index) => ({
    type: "kubernetes:core/v1:ConfigMap",
    name: `object-${index}`,
    inputs: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `object-${index}`, namespace, labels: { app: "bench" } },
      data: { key: `value-${index}`, text: "x".repeat(100) },
    },
  }));
}

function print({ objects, setting, kubectl, up, ratio, unchanged }: Row): void {
  const texts = [`kubectl ${kubectl.toFixed(1)} s`, `up ${up.toFixed(1)} s`, `ratio ${ratio.toFixed(1)}`];
  process.stdout.write(
    `${objects} objects, ${setting}: ${texts.join(", ")}, unchanged preview ${unchanged.toFixed(1)} s\n`,
  );
}

if (require.main === module) {
  const counts = process.argv.slice(2).map(Number);
  void bench(counts.length > 0 ? counts : undefined);
}
