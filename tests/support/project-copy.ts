import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { copyOfProject, type Outcome, outcome } from "./project";

const source = path.resolve(__dirname, "../..");

/** A copy of the project without apps and releases, with state of its own and a backend for stacks that are not this machine's own. */
export class ProjectCopy {
  readonly folder = copyOfProject(["apps", "releases"]);
  /** Variables that its commands see beside their own. */
  readonly variables: Record<string, string> = {};
  /** `PETRICHOR_HOME` of its commands. */
  readonly home = path.join(this.folder, ".home");

  constructor() {
    mkdirSync(path.join(this.folder, "apps"));
    mkdirSync(path.join(this.home, "backend"), { recursive: true });
  }

  write(file: string, text: string): void {
    const target = path.join(this.folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  /** Makes a program that its commands find before any other of that name. */
  program(name: string, script: string): void {
    this.write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(this.folder, "bin", name), 0o755);
  }

  copy(part: string): void {
    cpSync(path.join(source, part), path.join(this.folder, part), { recursive: true });
  }

  /** Runs `petrichor`. It ends by itself or after ten minutes. */
  async run(...args: readonly string[]): Promise<Outcome> {
    return this.#execute(process.execPath, [path.join(this.folder, "cli/petrichor.js"), ...args], {});
  }

  /** Runs a script as a pipeline's runner does: `bash -eo pipefail`, in the project. */
  async shell(script: string, variables: Readonly<Record<string, string>>): Promise<Outcome> {
    return this.#execute("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], variables);
  }

  async #execute(
    program: string,
    args: readonly string[],
    variables: Readonly<Record<string, string>>,
  ): Promise<Outcome> {
    const env = {
      ...process.env,
      CI: "true",
      PETRICHOR_HOME: this.home,
      // For stacks that are not this machine's own.
      PULUMI_BACKEND_URL: `file://${path.join(this.home, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PATH: `${path.join(this.folder, "bin")}:${process.env.PATH ?? ""}`,
      ...this.variables,
      ...variables,
    };
    return outcome(
      spawn(program, args, { cwd: this.folder, env, timeout: 600_000, stdio: ["ignore", "pipe", "pipe"] }),
    );
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
