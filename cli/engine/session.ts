import { delimiter } from "node:path";
import type { Stack as EngineStack } from "@pulumi/pulumi/automation";
import { PetrichorError } from "../../components/errors";
import { machineState } from "../../components/machine";
import { isMachinesOwn } from "../../stacks/project/release";
import type { Stack } from "../../stacks/stack";
import { engineEnvironment, engineState, prepareEngineState } from "./environment";
import { clearDeadLocks } from "./locks";
import { toolFolders } from "./tools";

/**
 * Opens a Pulumi stack, making it on first use. Locks that a killed run left behind are taken away.
 * @throws PetrichorError STACK_LOCKED while another process works on it
 */
export async function openStack(root: string, name: string, stack: Stack): Promise<EngineStack> {
  const environment = await shellEnvironment(name, stack);
  // The Automation API looks for `pulumi` on the PATH of this process.
  process.env.PATH = environment.PATH;
  if (isMachinesOwn(stack)) requireUnlocked(name);
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation");
  return LocalWorkspace.createOrSelectStack({ stackName: name, workDir: root }, { envVars: environment });
}

/** The environment in which plain `pulumi` and `kubectl` work on a stack. */
export async function shellEnvironment(name: string, stack: Stack): Promise<Record<string, string>> {
  const state = isMachinesOwn(stack) ? engineState(machineState()) : undefined;
  if (state !== undefined) prepareEngineState(state);
  const path = [...(await toolFolders()), process.env.PATH ?? ""].join(delimiter);
  return { ...engineEnvironment(name, state), PATH: path };
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
