import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { PetrichorError } from "../../components/errors";

export interface RunOptions {
  /** Arguments behind the command. */
  readonly args: readonly string[];
  /** Whether the engine writes a journal, a line a step, instead of the whole state. Default: false. */
  readonly journal?: boolean;
  /** Called with each event while the engine works; given only with commands that know `--json` as a stream of events. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** Variables beside those of the stack. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the command reads. Default: nothing. */
  readonly input?: string;
  /** Asks the engine to end in good order: what is under way is finished, nothing new begins. */
  readonly signal?: AbortSignal;
}

/** The engine ended with a failure. */
export class EngineExit extends Error {
  override readonly name = "EngineExit";

  constructor(
    readonly exitCode: number,
    /** What it printed on standard error. */
    readonly told: string,
  ) {
    super(told.trim() === "" ? `pulumi ended with exit code ${exitCode}` : told.trim());
  }
}

/** `pulumi` in the environment of one stack. */
export class PulumiCommand {
  constructor(
    private readonly folder: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /**
   * Runs a command about stacks and returns what it printed.
   * @throws PetrichorError ENGINE_FAILED
   */
  async text(args: readonly string[], input?: string): Promise<string> {
    try {
      return await this.run({ args, ...(input === undefined ? {} : { input }) });
    } catch (cause) {
      if (!(cause instanceof EngineExit)) throw cause;
      const message = `pulumi ${args.slice(0, 2).join(" ")} failed: ${cause.message}.`;
      throw new PetrichorError("ENGINE_FAILED", message, "Correct the cause and try again.", {}, { cause });
    }
  }

  /**
   * Runs a command and returns what it printed on standard output.
   * @throws EngineExit
   */
  async run({ args, journal = false, environment, onEvent, input, signal }: RunOptions): Promise<string> {
    const [program, ...before] = journal ? ["pulumi-journal", "run"] : ["pulumi"];
    const child = spawn(program, [...before, ...args, "--non-interactive"], {
      cwd: this.folder,
      env: { ...process.env, ...this.environment, ...environment, ...(onEvent === undefined ? {} : streamPreviews) },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const interrupt = (): void => void child.kill("SIGINT");
    signal?.addEventListener("abort", interrupt, { once: true });
    child.stdin.end(input ?? "");
    const printed: string[] = [];
    const told: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => {
      const event = onEvent === undefined ? undefined : eventIn(line);
      if (event === undefined) printed.push(line);
      else onEvent?.(event);
    });
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (!line.startsWith(ambientPlugin)) told.push(line);
    });
    try {
      const exitCode = await ended(child);
      if (exitCode === 0) return printed.join("\n");
      throw new EngineExit(exitCode, [...told, ...(onEvent === undefined ? [] : printed)].join("\n"));
    } finally {
      signal?.removeEventListener("abort", interrupt);
    }
  }
}

/** Makes `preview --json` tell events as they come, as the other commands do. */
const streamPreviews = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };

/** How the engine says that it found a plugin where we put it. */
export const ambientPlugin = "warning: using pulumi-";

async function ended(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve(code ?? 1);
    });
  });
}

function eventIn(line: string): EngineEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return undefined;
  }
}
