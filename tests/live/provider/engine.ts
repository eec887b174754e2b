import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import type { ToolPaths } from "../../../toolchain/tools";

const root = join(__dirname, "../../..");

export type Tools = ToolPaths<"pulumi" | "pulumi-language-nodejs" | "pulumi-resource-kubernetes">;

/** A resource of the generic program, as `new pulumi.CustomResource(type, name, inputs, options)` takes it. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly inputs: object;
  readonly options?: object;
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly initErrors?: readonly string[];
  /** When the engine last wrote it. */
  readonly modified?: string;
}

/** What the engine did with one resource. */
export interface Step {
  readonly op: string;
  readonly diffs: readonly string[];
  readonly failed: boolean;
}

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly seconds: number;
  /** By the resource's name, in the order in which the engine took them. */
  readonly steps: ReadonlyMap<string, readonly Step[]>;
  /** Errors and warnings by the resource's name. */
  readonly messages: ReadonlyMap<string, string>;
}

interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Metadata };
  readonly resOpFailedEvent?: { readonly metadata: Metadata };
  readonly diagnosticEvent?: { readonly urn?: string; readonly message: string; readonly ephemeral?: boolean };
}

interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly diffs?: readonly string[] | null;
}

const program = `
const pulumi = require("@pulumi/pulumi");
const { readFileSync } = require("node:fs");
for (const { type, name, inputs, options } of JSON.parse(readFileSync("resources.json", "utf8")))
  new pulumi.CustomResource(type, name, inputs, options);
`;

/** A Pulumi project with a stack and a backend of its own, run by the real engine with the plugin under test. */
export class Engine {
  readonly folder = mkdtempSync(join(tmpdir(), "petrichor-provider-"));
  private readonly running = new Set<ChildProcess>();
  private runs = 0;

  constructor(
    private readonly tools: Tools,
    private readonly environment: Record<string, string>,
    /** Path of `pulumi-journal`, which then runs the engine where it changes the stack. Default: plain `pulumi`. */
    private readonly journal?: string,
  ) {
    mkdirSync(join(this.folder, "state"));
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    this.write(
      "Pulumi.yaml",
      stringify({ name: "small", runtime: { name: "nodejs", options: { typescript: false } } }),
    );
    this.write("package.json", JSON.stringify({ name: "small", main: "index.js" }));
    this.write("index.js", program);
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.folder, file), content);
  }

  /** Takes the program of a folder, or the next version of it, in place of the generic one. */
  load(folder: string): void {
    rmSync(join(this.folder, "index.js"), { force: true });
    cpSync(folder, this.folder, { recursive: true });
  }

  /** The stack's checkpoint as text: what a person who steals it could read. */
  checkpoint(): string {
    const { name } = parse(readFileSync(join(this.folder, "Pulumi.yaml"), "utf8")) as { readonly name: string };
    return readFileSync(join(this.folder, `state/.pulumi/stacks/${name}/dev.json`), "utf8");
  }

  /** The resources in the state, without the stack and providers. */
  resources(): readonly StateResource[] {
    const checkpoint = JSON.parse(this.checkpoint()) as {
      checkpoint: { latest?: { resources?: readonly StateResource[] } };
    };
    return (checkpoint.checkpoint.latest?.resources ?? []).filter(({ type }) => type.startsWith("kubernetes:"));
  }

  /** Those resources by name, where each has a name of its own. */
  state(): ReadonlyMap<string, StateResource> {
    return new Map(this.resources().map((each) => [nameOf(each.urn), each]));
  }

  async create(): Promise<this> {
    const { code, output } = await this.pulumi(["stack", "init", "dev"]);
    if (code !== 0) throw new Error(output);
    return this;
  }

  up(resources: readonly Resource[], options: RunOptions = {}): Promise<Outcome> {
    this.write("resources.json", JSON.stringify(resources));
    return this.pulumi(["up", "--yes", "--skip-preview", "--continue-on-error"], options);
  }

  preview(resources: readonly Resource[], options: RunOptions = {}): Promise<Outcome> {
    this.write("resources.json", JSON.stringify(resources));
    return this.pulumi(["preview"], options);
  }

  refresh(options: RunOptions = {}): Promise<Outcome> {
    return this.pulumi(["refresh", "--yes", "--skip-preview"], options);
  }

  destroy(options: RunOptions = {}): Promise<Outcome> {
    return this.pulumi(["destroy", "--yes", "--skip-preview", "--continue-on-error"], options);
  }

  async pulumi(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const log = join(this.folder, `events-${this.runs++}.json`);
    const silent = options.events === false || ["stack", "cancel"].includes(args[0] ?? "");
    const logged = silent ? [] : ["--event-log", log];
    const started = process.hrtime.bigint();
    const changing = ["up", "refresh", "destroy"].includes(args[0] ?? "");
    const journal = changing && options.plain !== true ? this.journal : undefined;
    const [program, ...before] = journal === undefined ? [this.tools.pulumi] : [journal, "run"];
    const engine = spawn(program, [...before, ...args, ...logged, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PATH: [
          dirname(this.tools.pulumi),
          dirname(this.tools["pulumi-resource-kubernetes"]),
          dirname(this.tools["pulumi-language-nodejs"]),
          process.env["PATH"],
        ].join(delimiter),
        PULUMI_HOME: join(this.folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
        PULUMI_STACK: "dev",
        PULUMI_CONFIG_PASSPHRASE: "for tests only",
        PULUMI_SKIP_UPDATE_CHECK: "1",
        PULUMI_DEBUG_COMMANDS: "1",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        ...this.environment,
        ...options.environment,
      },
    });
    this.running.add(engine);
    let output = "";
    for (const stream of [engine.stdout, engine.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    options.started?.(engine, () => output);
    await once(engine, "close");
    this.running.delete(engine);
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    return { code: engine.exitCode, output, seconds, ...readEvents(log) };
  }

  remove(): void {
    for (const engine of this.running) engine.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface RunOptions {
  /** Whether the engine writes its events, by which steps and messages are told. Default: true. */
  readonly events?: boolean;
  /** Whether plain `pulumi` runs where the project has a journal. Default: false. */
  readonly plain?: boolean;
  readonly environment?: Record<string, string>;
  /** Called with the engine's process and a look at what it printed so far. */
  readonly started?: (engine: ChildProcess, output: () => string) => void;
}

function readEvents(file: string): Pick<Outcome, "steps" | "messages"> {
  const steps = new Map<string, Step[]>();
  const messages = new Map<string, string>();
  if (!existsSync(file)) return { steps, messages };
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const event = JSON.parse(line) as EngineEvent;
    const planned = event.resourcePreEvent?.metadata;
    if (planned !== undefined) {
      const step = { op: planned.op, diffs: planned.diffs ?? [], failed: false };
      steps.set(nameOf(planned.urn), [...(steps.get(nameOf(planned.urn)) ?? []), step]);
    }
    const failed = event.resOpFailedEvent?.metadata;
    if (failed !== undefined) {
      const known = steps.get(nameOf(failed.urn)) ?? [];
      steps.set(
        nameOf(failed.urn),
        known.map((step) => (step.op === failed.op ? { ...step, failed: true } : step)),
      );
    }
    const said = event.diagnosticEvent;
    if (said?.urn !== undefined && said.ephemeral !== true) {
      const name = nameOf(said.urn);
      messages.set(name, (messages.get(name) ?? "") + said.message);
    }
  }
  return { steps, messages };
}

/** The last part of a URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
