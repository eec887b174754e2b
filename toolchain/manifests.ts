import { execFile } from "node:child_process";
import { access, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse, parseAllDocuments, stringify } from "yaml";
import type { KubeObject } from "../components/kube/object";
import { bundleFolder } from "../components/platform/installed";
import { bundleFile, type UpstreamSource } from "../components/platform/upstream";
import { type BuildOptions, ensureTools } from "./build";

const execute = promisify(execFile);
/** Rendered manifests are large: the definitions of Envoy Gateway alone are 4 MB. */
const outputLimit = 256 * 2 ** 20;

/**
 * Renders the manifests of the sources that the bundle folder lacks, from their modules of pinned version; the Go checksum database
 * vouches for the modules. A source that is there already costs nothing.
 */
export async function ensureManifests(sources: readonly UpstreamSource[], options: BuildOptions): Promise<void> {
  const missing: UpstreamSource[] = [];
  for (const source of sources) if (!(await exists(join(bundleFolder(), bundleFile(source))))) missing.push(source);
  for (const source of missing) {
    const objects = await renderSource(source, options);
    const file = join(bundleFolder(), bundleFile(source));
    await mkdir(bundleFolder(), { recursive: true });
    await writeFile(`${file}.${process.pid}`, JSON.stringify(objects));
    await rename(`${file}.${process.pid}`, file);
  }
}

async function renderSource(source: UpstreamSource, options: BuildOptions): Promise<KubeObject[]> {
  const folder = await folderOf(source);
  const { form } = source;
  switch (form.type) {
    case "files":
      return objectsIn(
        (await Promise.all(form.paths.map((path) => readFile(join(folder, path), "utf8")))).join("\n---\n"),
      );
    case "kustomization": {
      const { kubectl } = await ensureTools(["kubernetes"], options);
      const { stdout } = await execute(kubectl, ["kustomize", join(folder, form.path)], { maxBuffer: outputLimit });
      return objectsIn(stdout);
    }
    case "chart": {
      const { helm } = await ensureTools(["helm"], options);
      return objectsIn(await renderChart(helm, join(folder, form.path), form));
    }
  }
}

/** The folder of a module's files; it is fetched where the machine lacks it. */
export async function folderOf({ module, version }: Pick<UpstreamSource, "module" | "version">): Promise<string> {
  const { stdout } = await execute("go", ["mod", "download", "-json", `${module}@${version}`], { cwd: tmpdir() });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

type ChartForm = Extract<UpstreamSource["form"], { type: "chart" }>;

/** Helm wants a finished chart in a folder that it may read whole; the module's is read-only and may lack its values. */
async function renderChart(helm: string, chart: string, form: ChartForm): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "petrichor-chart-"));
  try {
    const copy = join(folder, "chart");
    await cp(chart, copy, { recursive: true, mode: 0 });
    await execute("chmod", ["-R", "u+w", copy]);
    if (form.placeholders !== undefined) {
      const template = await readFile(join(copy, "values.tmpl.yaml"), "utf8");
      const placeholders = Object.entries(form.placeholders);
      const values = placeholders.reduce((text, [name, value]) => text.replaceAll(`\${${name}}`, value), template);
      await writeFile(join(copy, "values.yaml"), values);
    }
    if (form.chartVersion !== undefined) await stampChart(join(copy, "Chart.yaml"), form.chartVersion);
    const values = join(folder, "values.json");
    await writeFile(values, JSON.stringify(form.values ?? {}));
    const args = ["template", form.release, copy, "--namespace", form.namespace, "--values", values, "--include-crds"];
    const { stdout } = await execute(helm, args, { maxBuffer: outputLimit });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function stampChart(file: string, version: string): Promise<void> {
  const chart = parse(await readFile(file, "utf8")) as Record<string, unknown>;
  await writeFile(file, stringify({ ...chart, version, appVersion: version }));
}

/** The objects of a YAML stream; lists are unfolded, and the schemas of definitions lose their prose. */
export function objectsIn(yaml: string): KubeObject[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const value = document.toJS() as (KubeObject & { items?: KubeObject[] }) | null;
    if (value === null) return [];
    const objects = value.kind === "List" ? (value.items ?? []) : [value];
    return objects.map((object) => (object.kind === "CustomResourceDefinition" ? withoutProse(object) : object));
  });
}

/**
 * Takes the descriptions out of a definition's schemas. They are four fifths of its size, and every checkpoint of the engine
 * carries all of it; what is checked stays the same.
 */
function withoutProse<T>(schema: T, isPropertyMap = false): T {
  if (Array.isArray(schema)) return schema.map((item) => withoutProse(item as unknown)) as T;
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([key, value]) => isPropertyMap || key !== "description" || typeof value !== "string",
  );
  // Under `properties` the keys are names of fields, and a field may well be named `description`.
  return Object.fromEntries(
    kept.map(([key, value]) => [key, withoutProse(value as unknown, !isPropertyMap && key === "properties")]),
  ) as T;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
