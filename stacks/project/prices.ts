import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { PetrichorError } from "../../components/errors";
import { formatPath } from "../../components/input/path";
import { type ClusterPrices, pricesOn, pricesSchema } from "../../components/policy/prices";
import type { Stack } from "../stack";

/** The price file, relative to the project. */
export const priceFile = path.join("stacks", "prices.yaml");

/**
 * What things cost on a cluster; nothing where the project has no price file.
 * @throws PetrichorError PRICES_INVALID, also where the stack has a budget and nothing says what things cost
 */
export function readPrices(
  root: string,
  cluster: string,
  { policy }: Pick<Stack, "policy">,
): ClusterPrices | undefined {
  if (!existsSync(path.join(root, priceFile))) {
    if (policy.monthlyBudget === undefined) return undefined;
    throw invalid(
      "the stack has a monthlyBudget, and nothing says what things cost.",
      "Write the file, or take the budget away.",
    );
  }
  const parsed = pricesSchema.safeParse(readYaml(path.join(root, priceFile)));
  if (parsed.success) return pricesOn(cluster, parsed.data);
  const [first] = parsed.error.issues;
  const field = formatPath((first?.path ?? []) as (string | number)[]);
  throw invalid(`${field}: ${first?.message ?? "is wrong"}.`, "Correct the field.", field);
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw invalid(
      `the file is not YAML: ${cause instanceof Error ? cause.message : String(cause)}.`,
      "Correct the file.",
    );
  }
}

function invalid(message: string, fix: string, field?: string): PetrichorError {
  return new PetrichorError("PRICES_INVALID", message, fix, {
    file: priceFile,
    ...(field === undefined ? {} : { field }),
  });
}
