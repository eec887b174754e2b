import { CelEvaluator } from "../../policies/evaluator";
import type { RuleSettings } from "../../policies/rule";
import { ensureTools } from "../../toolchain/build";

/** Starts the evaluator for a test file; its program is built on first use. */
export async function startEvaluator(): Promise<CelEvaluator> {
  const { cel } = await ensureTools(["cel"], { report: () => undefined });
  return new CelEvaluator(cel);
}

/** An environment that asks for little. */
export const easySettings: RuleSettings = {
  domains: ["example.com"],
  registries: [],
  minimumReplicas: 1,
  maximumReplicas: 100,
  backupRetentionDays: 7,
};
