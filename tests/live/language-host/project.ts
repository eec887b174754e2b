import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import type { ToolPaths } from "../../../toolchain/tools";

const root = join(__dirname, "../../..");

export type Engine = ChildProcessByStdio<null, Readable, Readable>;

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  /** What the engine printed on both streams, without colours. */
  readonly output: string;
}

/** A Pulumi project in a folder of its own, with its own backend, so that tests share nothing. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "petrichor-language-host-"));
  private readonly started: Engine[] = [];

  constructor(
    private readonly tools: ToolPaths<"pulumi" | "pulumi-language-nodejs">,
    options: Record<string, unknown> = { typescript: false, nodeargs: "--import tsx" },
  ) {
    mkdirSync(join(this.folder, "state"));
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    cpSync(join(root, "readable-errors.mjs"), join(this.folder, "readable-errors.mjs"));
    this.write("Pulumi.yaml", stringify({ name: "small", runtime: { name: "nodejs", options } }));
    this.write("package.json", JSON.stringify({ name: "small", main: "index.ts" }));
  }

  write(file: string, content: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), content);
  }

  /** The whole checkpoint of the stack, as text. */
  checkpoint(): string {
    return readFileSync(join(this.folder, "state/.pulumi/stacks/small/dev.json"), "utf8");
  }

  async createStack(config: readonly string[][] = []): Promise<void> {
    await this.succeed("stack", "init", "dev");
    for (const setting of config) await this.succeed("config", "set", ...setting);
  }

  async succeed(...args: string[]): Promise<string> {
    const { code, stdout, output } = await this.pulumi(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${String(code)}:\n${output}`);
    return stdout;
  }

  up(program?: string): Promise<Outcome> {
    if (program !== undefined) this.write("index.ts", program);
    return this.pulumi("up", "--yes", "--skip-preview");
  }

  pulumi(...args: string[]): Promise<Outcome> {
    return this.start(...args).outcome;
  }

  start(...args: string[]): { readonly engine: Engine; readonly outcome: Promise<Outcome> } {
    const engine = spawn(this.tools.pulumi, [...args, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PATH: [dirname(this.tools["pulumi-language-nodejs"]), process.env.PATH].join(delimiter),
        PULUMI_HOME: join(this.folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "for tests only",
        PULUMI_SKIP_UPDATE_CHECK: "1",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    });
    this.started.push(engine);
    let [stdout, output] = ["", ""];
    engine.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    engine.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    const outcome = once(engine, "close").then(() => ({ code: engine.exitCode, stdout, output }));
    return { engine, outcome };
  }

  /** Waits until the program has written this file. */
  async written(file: string): Promise<string> {
    const path = join(this.folder, file);
    while (!existsSync(path) || !readFileSync(path, "utf8").endsWith("\n")) await sleep(50);
    return readFileSync(path, "utf8");
  }

  remove(): void {
    for (const engine of this.started) if (engine.exitCode === null) engine.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits until the engine has printed this to its standard output. */
export function printed(engine: Engine, wanted: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = "";
    engine.stdout.on("data", (more: string) => {
      text += more;
      const found = wanted.exec(text);
      if (found !== null) resolve(found);
    });
    engine.once("close", () => {
      reject(new Error(`the engine ended and never printed ${String(wanted)}:\n${text}`));
    });
  });
}

/** Waits until none of these processes runs; an ended one that its parent has not noticed yet does not run. */
export async function gone(pids: readonly number[]): Promise<void> {
  while (pids.some(runs)) await sleep(50);
}

function runs(pid: number): boolean {
  try {
    const state = /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
    return state !== "Z";
  } catch {
    return false;
  }
}
