import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { ensureTools } from "../../toolchain/build";
import { lineReporter } from "../../toolchain/report";
import { admissionDelay } from "./policies/admission";
import type { Judged } from "./policies/judge";

export interface PolicyRow {
  readonly what: string;
  readonly value: number;
  readonly unit: "s" | "µs" | "ms" | "MiB" | "verdicts";
}

const root = path.resolve(__dirname, "../..");

/**
 * What it costs to judge objects of different apps by all rules in Node, and how much longer an API server takes for a request that its
 * policies see, beside one without policies on the same machine at the same time.
 */
export async function bench(objects = 10_000, pairs = 400): Promise<readonly PolicyRow[]> {
  const tools = await ensureTools(["cel", "kubernetes"], { report: lineReporter() });
  return [...(await judging(objects)), ...(await admissionDelay(tools, pairs))];
}

async function judging(count: number): Promise<readonly PolicyRow[]> {
  const args = ["--import", "tsx", path.join(__dirname, "policies/judge.ts"), `${count}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const judged = JSON.parse(stdout) as Judged;
  const { objects, rules, ready, first, again, broken } = judged;
  return [
    { what: "evaluator ready", value: ready, unit: "s" },
    { what: `${objects} objects × ${rules} rules, nothing cached`, value: first, unit: "s" },
    { what: "for each object", value: (first / objects) * 1e6, unit: "µs" },
    { what: "the same once more", value: again, unit: "s" },
    { what: "the same where every pod breaks a rule", value: broken, unit: "s" },
    { what: "found then", value: judged.verdicts, unit: "verdicts" },
    { what: "memory of Node", value: judged.memory, unit: "MiB" },
    { what: "memory of the evaluator", value: judged.evaluatorMemory, unit: "MiB" },
  ];
}
