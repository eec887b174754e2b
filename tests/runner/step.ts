import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

/** What came of one step. */
export interface Verdict {
  readonly passed: number;
  readonly failed: number;
  /** Titles of tests that did not run, with their reason. */
  readonly skipped: readonly string[];
}

export interface Step {
  readonly name: string;
  readonly run: () => Promise<Verdict>;
}

export const root = path.resolve(__dirname, "../..");

/** A command that either passes or fails as a whole. */
export function command(name: string, program: string, ...args: readonly string[]): Step {
  return {
    name,
    run: async () => {
      const passed = (await exitCodeOf(program, args)) === 0;
      return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: [] };
    },
  };
}

/** The parts of jest's report that count. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** One layer of tests, by jest. */
export function jest(layer: string, ...args: readonly string[]): Step {
  return { name: layer, run: () => runJest(["--selectProjects", layer, "--passWithNoTests", ...args]) };
}

async function runJest(args: readonly string[]): Promise<Verdict> {
  const folder = mkdtempSync(path.join(tmpdir(), "petrichor-tests-"));
  const output = path.join(folder, "report.json");
  try {
    const exitCode = await exitCodeOf("npx", ["jest", "--ci", "--json", "--outputFile", output, ...args]);
    return verdictOf(readReport(output), exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string): JestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as JestReport;
  } catch {
    return undefined;
  }
}

/** A suite that could not run at all counts as one failure, and so does a jest that fails without saying why. */
function verdictOf(report: JestReport | undefined, exitCode: number): Verdict {
  if (report === undefined) return { passed: 0, failed: 1, skipped: [] };
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const skipped = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "pending" || status === "skipped" || status === "todo")
    .map(({ fullName }) => fullName);
  return { passed: report.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped };
}

/**
 * The unit tests of one Go module.
 * @param folder relative to the project
 */
export function goTests(folder: string): Step {
  const module = path.basename(folder) === "src" ? path.dirname(folder) : path.basename(folder);
  return {
    name: `go test ${module}`,
    run: async () => {
      let passed = 0;
      let failed = 0;
      const skipped: string[] = [];
      const exitCode = await exitCodeOf(
        "go",
        // With the flag that tools are built with, their packages need not be compiled a second time.
        ["test", "-json", "-trimpath", "./..."],
        path.join(root, folder),
        (line) => {
          const event = goEvent(line);
          if (event === undefined || event.Test === undefined)
            return event?.Output ?? (event === undefined ? `${line}\n` : "");
          if (event.Action === "pass") passed++;
          if (event.Action === "fail") failed++;
          if (event.Action === "skip") skipped.push(`${module}: ${event.Test}`);
          return event.Action === "output" && /^\s*--- |panic|_test\.go:/.test(event.Output ?? "")
            ? (event.Output ?? "")
            : "";
        },
      );
      return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped };
    },
  };
}

interface GoEvent {
  readonly Action: string;
  readonly Test?: string;
  readonly Output?: string;
}

function goEvent(line: string): GoEvent | undefined {
  try {
    return JSON.parse(line) as GoEvent;
  } catch {
    return undefined;
  }
}

/**
 * Runs a program to its end and returns its exit code; what it prints is shown as it comes.
 * @param show turns a line of standard output into what is shown. Default: the output goes straight to this process's own.
 */
async function exitCodeOf(
  program: string,
  args: readonly string[],
  folder = root,
  show?: (line: string) => string,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: folder,
      stdio: ["ignore", show === undefined ? "inherit" : "pipe", "inherit"],
    });
    if (child.stdout !== null && show !== undefined) {
      createInterface({ input: child.stdout }).on("line", (line) => process.stdout.write(show(line)));
    }
    child.on("error", (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      resolve(127);
    });
    child.on("close", (code) => {
      resolve(code ?? 1);
    });
  });
}
