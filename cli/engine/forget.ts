import { existsSync } from "node:fs";
import { machineState } from "../../components/machine";
import type { Target } from "../clusters";
import { engineState } from "./environment";
import { openStack } from "./session";

/**
 * Takes stacks out of the engine's state whose cluster was made anew: what they held is gone, and the engine would take it for unchanged.
 */
export async function forgetStacks(root: string, targets: readonly Target[]): Promise<void> {
  if (!existsSync(engineState(machineState()).folder)) return;
  for (const { stack, stackName } of targets) {
    await (await openStack(root, stackName, stack)).forget();
  }
}
