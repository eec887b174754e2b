import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Where the engine keeps the state of stacks whose clusters are this machine's own. */
export interface EngineState {
  /** Folder of the file backend. */
  readonly folder: string;
  /** File with the passphrase that the secrets in the state are encrypted with; only its owner reads it. */
  readonly passphraseFile: string;
}

export function engineState(stateFolder: string): EngineState {
  const folder = path.join(stateFolder, "pulumi");
  return { folder, passphraseFile: path.join(folder, "passphrase") };
}

/** Makes the folder and a random passphrase on first use; what is there stays as it is. */
export function prepareEngineState({ folder, passphraseFile }: EngineState): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(passphraseFile))
    writeFileSync(passphraseFile, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
}

/** What the engine and our program always want to be told. */
const always = {
  // An Output in a template string is a bug; this makes it an error instead of a text about toString.
  PULUMI_ERROR_OUTPUT_STRING: "true",
  PULUMI_SKIP_UPDATE_CHECK: "true",
};

/**
 * The environment in which plain `pulumi` works on a stack.
 *
 * A stack of this machine's own keeps its state and its configuration in the state folder, so that the project folder stays
 * clean. Other stacks use the backend that the person is logged in to, and `Pulumi.<stack>.yaml` of the project.
 */
export function engineEnvironment(stack: string, state: EngineState | undefined): Record<string, string> {
  if (state === undefined) return { ...always, PULUMI_STACK: stack };
  return {
    ...always,
    PULUMI_STACK: stack,
    PULUMI_BACKEND_URL: `file://${state.folder}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: state.passphraseFile,
    PULUMI_OPTION_CONFIG_FILE: path.join(state.folder, `Pulumi.${stack}.yaml`),
    // The configuration file may be lost; the state knows how its secrets are encrypted.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
  };
}
