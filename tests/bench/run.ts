import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import path from "node:path";
import { table } from "../../cli/table";

/** What a file in this folder exports. */
interface BenchModule {
  /** Measures and returns its rows, which have the same fields. */
  readonly bench: () => Promise<readonly object[]>;
}

const results = path.resolve(__dirname, "../../bench-results");

/** Runs the named benches, or all, and writes what they measured to `bench-results/<time>.json`. */
async function main(names: readonly string[]): Promise<void> {
  const known = readdirSync(__dirname)
    .filter((file) => file.endsWith(".ts") && file !== "run.ts")
    .map((file) => file.slice(0, -".ts".length));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no bench ${unknown.join(", ")}; there are: ${known.join(", ")}`);
  const measured: Record<string, readonly object[]> = {};
  for (const name of names.length === 0 ? known : names) {
    process.stdout.write(`── ${name}\n`);
    const { bench } = (await import(path.join(__dirname, `${name}.ts`))) as BenchModule;
    measured[name] = await bench();
    process.stdout.write(`${readable(measured[name])}\n`);
  }
  const machine = { cores: cpus().length, memory: totalmem(), node: process.version };
  mkdirSync(results, { recursive: true });
  const file = path.join(results, `${new Date().toISOString().replaceAll(":", "-")}.json`);
  writeFileSync(file, `${JSON.stringify({ machine, measured }, null, 2)}\n`);
  process.stdout.write(`wrote ${path.relative(process.cwd(), file)}\n`);
}

/** Rows as columns under the names of their fields; a field that a row lacks is a dash. */
function readable(rows: readonly object[]): string {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return table([fields, ...rows.map((row) => fields.map((field) => cell((row as Record<string, unknown>)[field])))]);
}

function cell(value: unknown): string {
  if (value === undefined) return "–";
  if (typeof value === "number" && !Number.isInteger(value)) return value.toFixed(1);
  if (Array.isArray(value)) return value.join(" + ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

void main(process.argv.slice(2));
