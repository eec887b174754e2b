import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { PetrichorError } from "../../components/errors";
import { machineState } from "../../components/machine";
import { isMachinesOwn } from "../../stacks/project/release";
import type { Stack } from "../../stacks/stack";
import { engineEnvironment, engineState, prepareEngineState } from "./environment";
import { foldJournals, keepsJournal } from "./journal";
import { clearDeadLocks, projectName } from "./locks";
import { pluginOf, requirePlugin } from "./plugins";
import { PulumiCommand, type RunOptions } from "./pulumi";
import { toolFolders } from "./tools";

/** A Pulumi stack, ready to be worked on. */
export class EngineStack {
  constructor(
    readonly name: string,
    private readonly pulumi: PulumiCommand,
    private readonly journal: boolean,
    /** @throws PetrichorError PLUGIN_MISSING */
    readonly requirePlugin: () => Promise<void>,
  ) {}

  /** Runs a command of `pulumi` on this stack. One that changes the stack keeps a journal where that can be. */
  run({ args: [command = "", ...rest], ...options }: RunOptions): Promise<string> {
    const journal = this.journal && changing.has(command);
    return this.pulumi.run({ ...options, journal, args: [command, "--stack", this.name, ...rest] });
  }

  /** What the program exports, secrets in plain text. */
  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const args = ["stack", "output", "--stack", this.name, "--json", "--show-secrets"];
    return JSON.parse(await this.pulumi.text(args)) as Record<string, unknown>;
  }

  /** The state of the stack as the engine keeps it. */
  async exportState(): Promise<StackState> {
    return JSON.parse(await this.pulumi.text(["stack", "export", "--stack", this.name])) as StackState;
  }

  async importState(state: StackState): Promise<void> {
    await this.pulumi.text(["stack", "import", "--stack", this.name], JSON.stringify(state));
  }

  /** Takes the stack out of the engine's state, whatever it holds; nothing of it is deleted anywhere. */
  async forget(): Promise<void> {
    await this.pulumi.text(["stack", "rm", this.name, "--force", "--yes", "--preserve-config"]);
  }
}

/** Commands that write the state step by step. */
const changing: ReadonlySet<string> = new Set(["up", "destroy", "refresh"]);

/** The parts of a stack's state that are looked at. */
export interface StackState {
  readonly version: number;
  readonly deployment: {
    readonly resources?: readonly ResourceState[];
    readonly pending_operations?: readonly { readonly type: string; readonly resource: ResourceState }[];
  };
}

export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Whether the engine refuses to delete it. */
  readonly protect?: boolean;
}

/**
 * Opens a Pulumi stack, making it on first use. Locks that a killed run left behind are taken away, and what it did is brought
 * into the state.
 * @throws PetrichorError STACK_LOCKED while another process works on it
 */
export async function openStack(root: string, name: string, stack: Stack): Promise<EngineStack> {
  const environment = await shellEnvironment(name, stack);
  const pulumi = new PulumiCommand(root, { ...environment, ...noOtherPlugins });
  const plugin = (): Promise<void> => requirePlugin(pluginOf(root, name, stack), pulumi, environment["PATH"] ?? "");
  if (isMachinesOwn(stack)) {
    requireUnlocked(name);
    await createOwnStack(name, environment);
    await foldJournals(name, environment);
    return new EngineStack(name, pulumi, await keepsJournal(), plugin);
  }
  await pulumi.text(["stack", "select", name, "--create"]);
  return new EngineStack(name, pulumi, false, plugin);
}

/** Each stack asks for the plugin that it needs, see `requirePlugin`. */
const noOtherPlugins = { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" };

/** The environment in which plain `pulumi` and `kubectl` work on a stack. */
export async function shellEnvironment(name: string, stack: Stack): Promise<Record<string, string>> {
  const state = isMachinesOwn(stack) ? engineState(machineState()) : undefined;
  if (state !== undefined) prepareEngineState(state);
  const folders = [...(await toolFolders()), process.env.PATH ?? ""].join(path.delimiter);
  return { ...engineEnvironment(name, state), PATH: folders };
}

/**
 * The environment of a stack for a person's own shell. What killed runs have left of it is brought into its state first, because plain
 * `pulumi` knows nothing of that; a stack that somebody works on stays as it is.
 */
export async function personsEnvironment(name: string, stack: Stack): Promise<Record<string, string>> {
  const environment = await shellEnvironment(name, stack);
  const { folder } = engineState(machineState());
  if (isMachinesOwn(stack) && clearDeadLocks(folder, name).held.length === 0) await foldJournals(name, environment);
  return environment;
}

/** Makes a stack of this machine's own. The engine writes its configuration beside where it is made, which must not be the project's folder. */
async function createOwnStack(name: string, environment: Record<string, string>): Promise<void> {
  const { folder } = engineState(machineState());
  if (existsSync(path.join(folder, ".pulumi/stacks", projectName, `${name}.json`))) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "Pulumi.yaml"), stringify({ name: projectName, runtime: "nodejs" }));
  await new PulumiCommand(folder, environment).text(["stack", "init", name, "--no-select"]);
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
