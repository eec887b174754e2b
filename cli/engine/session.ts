import { existsSync } from "node:fs";
import path from "node:path";
import type { Stack as EngineStack } from "@pulumi/pulumi/automation";
import { PetrichorError } from "../../components/errors";
import { machineState } from "../../components/machine";
import { isMachinesOwn } from "../../stacks/project/release";
import type { Stack } from "../../stacks/stack";
import { engineEnvironment, engineState, prepareEngineState } from "./environment";
import { clearDeadLocks, projectName } from "./locks";
import { toolFolders } from "./tools";

/**
 * Opens a Pulumi stack, making it on first use. Locks that a killed run left behind are taken away.
 * @throws PetrichorError STACK_LOCKED while another process works on it
 */
export async function openStack(root: string, name: string, stack: Stack): Promise<EngineStack> {
  const environment = await shellEnvironment(name, stack);
  // The Automation API looks for `pulumi` on the PATH of this process.
  process.env.PATH = environment.PATH;
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation");
  const program = { stackName: name, workDir: root };
  if (!isMachinesOwn(stack)) return LocalWorkspace.createOrSelectStack(program, { envVars: environment });
  requireUnlocked(name);
  await createOwnStack(name, environment);
  return LocalWorkspace.selectStack(program, { envVars: environment });
}

/** Makes a stack of this machine's own. Its configuration is written beside where it is made, so that is not the project's folder. */
async function createOwnStack(name: string, envVars: Record<string, string>): Promise<void> {
  const { folder } = engineState(machineState());
  if (existsSync(path.join(folder, ".pulumi/stacks", projectName, `${name}.json`))) return;
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation");
  const projectSettings = { name: projectName, runtime: "nodejs" as const };
  const workspace = await LocalWorkspace.create({ workDir: folder, projectSettings, envVars });
  await workspace.createStack(name);
}

/** The environment in which plain `pulumi` and `kubectl` work on a stack. */
export async function shellEnvironment(name: string, stack: Stack): Promise<Record<string, string>> {
  const state = isMachinesOwn(stack) ? engineState(machineState()) : undefined;
  if (state !== undefined) prepareEngineState(state);
  const folders = [...(await toolFolders()), process.env.PATH ?? ""].join(path.delimiter);
  return { ...engineEnvironment(name, state), PATH: folders };
}

function requireUnlocked(name: string): void {
  const { held } = clearDeadLocks(engineState(machineState()).folder, name);
  const [lock] = held;
  if (lock === undefined) return;
  throw new PetrichorError(
    "STACK_LOCKED",
    `process ${lock.pid} on ${lock.hostname} has been working on the stack since ${lock.timestamp.toISOString()}.`,
    "Wait until it is done, or end it.",
    { stack: name },
  );
}
