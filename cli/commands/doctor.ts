import { readdir } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import { examples } from "../examples";
import { colorsFor } from "../progress";
import { table } from "../table";

/** One thing that was looked at. */
interface Finding {
  readonly subject: string;
  readonly state: string;
  /** What is wrong with it, and what to do about it. Absent: nothing. */
  readonly problem?: string;
}

export function doctor(): Command {
  return new Command("doctor")
    .summary("look over this machine: what is installed, built and running, and what is wrong")
    .description(
      "Looks over this machine: what is installed, built and running, and what is wrong. It changes nothing. Exit code 3 where something is wrong.",
    )
    .option("--json", "for a machine to read")
    .addHelpText("after", examples("doctor", "doctor --json"))
    .action(run);
}

async function run(options: { readonly json?: true }): Promise<void> {
  const findings = [await go(), await thisMachine(), ...(await builtTools()), ...(await instances())];
  const problems = findings.filter(({ problem }) => problem !== undefined);
  if (options.json === true) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else print(findings, problems);
  if (problems.length > 0) process.exitCode = 3;
}

function print(findings: readonly Finding[], problems: readonly Finding[]): void {
  const colors = colorsFor(process.stdout);
  const rows = findings.map(({ subject, state, problem }) => [
    problem === undefined ? colors.green("✓") : colors.red("✗"),
    subject,
    state,
  ]);
  process.stdout.write(`${table(rows)}\n\n`);
  for (const { subject, problem } of problems) process.stdout.write(`${colors.red(subject)}: ${problem ?? ""}\n`);
  if (problems.length === 0) process.stdout.write("Nothing is wrong.\n");
}

/** Go is needed only where something has to be built. */
async function go(): Promise<Finding> {
  const { machine: goMachine } = await import("../../toolchain/key");
  const { PetrichorError } = await import("../../components/errors");
  try {
    return { subject: "Go", state: (await goMachine()).go };
  } catch (error) {
    if (!(error instanceof PetrichorError)) throw error;
    return { subject: "Go", state: "missing", problem: `${error.message} ${error.fix}` };
  }
}

async function thisMachine(): Promise<Finding> {
  const { inspectMachine, problemsOf } = await import("../../toolchain/cluster/preflight");
  const { machineState } = await import("../../components/machine");
  const found = inspectMachine(machineState());
  const problems = problemsOf(found).map(([what, how]) => `${what} ${how}`);
  const free = `${(found.freeBytes / 2 ** 30).toFixed(0)} GiB free in ${found.folder}`;
  return { subject: "machine", state: free, ...(problems.length === 0 ? {} : { problem: problems.join(" ") }) };
}

/** A tool that is missing is no problem: the first command that needs it builds it. */
async function builtTools(): Promise<Finding[]> {
  const { findTools } = await import("../../toolchain/locate");
  return [...(await findTools())].map(([name, found]) => ({
    subject: name,
    state:
      found.state === "installed" ? "installed on this machine" : found.state === "built" ? "built" : "not built yet",
  }));
}

async function instances(): Promise<Finding[]> {
  const { machineState } = await import("../../components/machine");
  const { clusterStatus } = await import("../../toolchain/cluster/status");
  const names = await readdir(path.join(machineState(), "clusters")).catch((): string[] => []);
  const found = await Promise.all(names.sort().map((name) => clusterStatus({ name })));
  return found
    .filter(({ state }) => state !== "absent")
    .map(({ name, state, parts }) => {
      const dead = parts.filter(({ pid }) => pid === undefined).map((part) => part.name);
      const fix = "It is started again by itself; if that doesn't help: `petrichor cluster stop` and `start`.";
      const problem = dead.length === 0 ? {} : { problem: `${dead.join(", ")} is not running. ${fix}` };
      return { subject: `cluster ${name}`, state, ...problem };
    });
}
