import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(__dirname, "../..");

/** What no command reads, or what a copy links to. */
const unread = [".git", "bench-results", "coverage", "dist", "docs", "node_modules", "tests"];

/** Copies the project into a folder of its own, but for the parts that are named, so that a test can change and break it. */
export function copyOfProject(without: readonly string[] = []): string {
  const folder = mkdtempSync(path.join(tmpdir(), "petrichor-project-"));
  for (const part of readdirSync(root).filter((name) => !unread.includes(name) && !without.includes(name))) {
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  }
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  return folder;
}

/** How a command ended, and what it printed. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the project with a state folder of its own, so that a test can change and break it; tools come from the shared cache. */
export class TestProject {
  readonly folder = copyOfProject();
  readonly home = path.join(this.folder, "home");

  constructor() {
    mkdirSync(this.home);
  }

  read(file: string): string {
    return read(path.join(this.folder, file));
  }

  write(file: string, text: string): void {
    const absolute = path.join(this.folder, file);
    mkdirSync(path.dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
  }

  remove(file: string): void {
    rmSync(path.join(this.folder, file), { recursive: true });
  }

  /** Starts `petrichor` with these arguments in a process group of its own. */
  start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(process.execPath, ["cli/petrichor.js", ...args], {
      cwd: this.folder,
      env: { ...process.env, PETRICHOR_HOME: this.home, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
  }

  /** Runs `petrichor` to its end. */
  async run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return outcome(this.start(args, environment));
  }

  /** Runs a line of shell in the setting that `petrichor env` makes. */
  async shell(line: string): Promise<Outcome> {
    const script = `set -e; eval "$("${process.execPath}" cli/petrichor.js env)"; ${line}`;
    const env = { ...process.env, PETRICHOR_HOME: this.home };
    return outcome(spawn("bash", ["-c", script], { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] }));
  }

  /** Deletes the cluster, if there is one, and the folder. */
  delete(): void {
    const env = { ...process.env, PETRICHOR_HOME: this.home };
    execFileSync(process.execPath, ["cli/petrichor.js", "cluster", "delete"], {
      cwd: this.folder,
      env,
      stdio: "ignore",
    });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function read(file: string): string {
  return readFileSync(file, "utf8");
}

/** Waits until a process has ended. */
export async function outcome(child: ChildProcess): Promise<Outcome> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code: code ?? -1, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}
