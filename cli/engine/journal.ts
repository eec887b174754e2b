import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { PetrichorError } from "../../components/errors";
import { machineState } from "../../components/machine";
import { engineState } from "./environment";
import { projectName } from "./locks";

/**
 * Whether the engine keeps a journal for stacks of this machine's own. It does if it is the one that this project builds, unless
 * the engine's own variable PULUMI_DISABLE_JOURNALING says otherwise.
 */
export async function keepsJournal(): Promise<boolean> {
  const { locate } = await import("../../toolchain/locate");
  const disabled = ["1", "true"].includes(process.env["PULUMI_DISABLE_JOURNALING"] ?? "");
  return !disabled && (await locate("pulumi-journal")).state === "built";
}

/** Whether a killed run has left a journal of a stack that is not in its state yet. */
export function hasJournals(backendFolder: string, stack: string): boolean {
  try {
    const files = readdirSync(path.join(backendFolder, ".pulumi/journals", projectName, stack));
    return files.some((file) => file.endsWith(".jsonl"));
  } catch {
    return false;
  }
}

/**
 * Brings what killed runs have left into the state of a stack. The stack must not be locked.
 * @throws PetrichorError ENGINE_FAILED when that can't be done; the journal stays
 */
export async function foldJournals(stack: string, environment: Readonly<Record<string, string>>): Promise<void> {
  if (!hasJournals(engineState(machineState()).folder, stack)) return;
  try {
    await promisify(execFile)("pulumi-journal", ["fold", projectName, stack], {
      env: { ...process.env, ...environment },
    });
  } catch (cause) {
    const { code, stderr = "" } = cause as { readonly code?: unknown; readonly stderr?: string };
    const missing = code === "ENOENT";
    throw new PetrichorError(
      "ENGINE_FAILED",
      `a killed run left a journal that could not be brought into the state: ${missing ? "pulumi-journal is not built" : stderr.trim()}.`,
      missing ? "Run `npm run toolchain -- build pulumi-journal`, then try again." : "Correct the cause and try again.",
      { stack },
      { cause },
    );
  }
}
