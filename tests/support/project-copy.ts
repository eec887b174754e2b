import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const source = path.resolve(__dirname, "../..");

/** Parts of the project that a copy does without, or links to. */
const left = new Set([".git", "apps", "coverage", "dist", "docs", "node_modules", "releases", "tests"]);

/** What a command printed and how it ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the project in a folder of its own, with state of its own, whose files a test may change as a person would. */
export class ProjectCopy {
  readonly folder = mkdtempSync(path.join(tmpdir(), "petrichor-project-"));
  /** `PETRICHOR_HOME` of its commands. */
  readonly home = path.join(this.folder, ".home");

  constructor() {
    for (const part of readdirSync(source).filter((name) => !left.has(name))) {
      cpSync(path.join(source, part), path.join(this.folder, part), { recursive: true });
    }
    symlinkSync(path.join(source, "node_modules"), path.join(this.folder, "node_modules"));
    mkdirSync(path.join(this.folder, "apps"));
    mkdirSync(path.join(this.home, "backend"), { recursive: true });
  }

  write(file: string, text: string): void {
    const target = path.join(this.folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  copy(part: string): void {
    cpSync(path.join(source, part), path.join(this.folder, part), { recursive: true });
  }

  /** Runs `petrichor`. It ends by itself or after ten minutes. */
  async run(...args: readonly string[]): Promise<Ran> {
    return this.#execute(process.execPath, [path.join(this.folder, "cli/petrichor.js"), ...args], {});
  }

  /** Runs a script as a pipeline's runner does: `bash -eo pipefail`, in the project, with its own `bin` folder first on the path. */
  async shell(script: string, variables: Readonly<Record<string, string>>): Promise<Ran> {
    const PATH = `${path.join(this.folder, "bin")}:${process.env.PATH ?? ""}`;
    return this.#execute("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], { ...variables, PATH });
  }

  async #execute(program: string, args: readonly string[], variables: Readonly<Record<string, string>>): Promise<Ran> {
    const env = {
      ...process.env,
      CI: "true",
      PETRICHOR_HOME: this.home,
      // For stacks that are not this machine's own.
      PULUMI_BACKEND_URL: `file://${path.join(this.home, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      ...variables,
    };
    return new Promise((resolve) => {
      const options = { cwd: this.folder, env, timeout: 600_000, maxBuffer: 64 * 2 ** 20 };
      execFile(program, args, options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 1, stdout, stderr });
      });
    });
  }

  /** Runs `petrichor` and expects it to end well; returns what it printed. */
  async succeed(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...args);
    if (code !== 0) throw new Error(`petrichor ${args.join(" ")} ended with ${code}:\n${stderr}\n${stdout}`);
    return stdout;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
