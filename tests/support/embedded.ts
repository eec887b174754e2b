import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { toolPath } from "../../toolchain/locate";
import type { ToolFile } from "../../toolchain/tools";
import { inspectMachine, problemsOf } from "../../toolchain/cluster/preflight";

/** A `describe` for what needs an embedded cluster. Elsewhere its tests are skipped with the reason in their title; in CI they fail. */
export function describeEmbedded(title: string, tests: () => void): void {
  const problems = problemsOf(inspectMachine(tmpdir())).map(([what]) => what);
  if (problems.length === 0) {
    describe(title, tests);
  } else if (process.env["CI"] === undefined) {
    describe.skip(`${title} (skipped: ${problems.join(" ")})`, tests);
  } else {
    it(title, () => {
      throw new Error(`CI must run what needs an embedded cluster: ${problems.join(" ")}`);
    });
  }
}

/** Runs a tool of the toolchain, which has to be built, and returns what it prints. */
export async function runTool(tool: ToolFile, ...args: string[]): Promise<string> {
  const program = await toolPath(tool);
  if (program === undefined) throw new Error(`${tool} is not built`);
  const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 64 * 2 ** 20 });
  return stdout;
}

/** Asks again until the answer is there; fails with the last error after the given milliseconds. */
export async function eventually<T>(question: () => Promise<T>, patience = 60_000): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await question();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(100);
  }
}
