import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { command, goTests, jest, root, type Step, type Verdict } from "./step";

/** Longest time that everything may take on an empty machine with two cores, in minutes. */
const budget = 75;

/** Everything that proves the project, the quickest first; `npm test -- NAME…` runs only the named ones. */
const steps: readonly Step[] = [
  command("format", "npx", "prettier", "--check", "--log-level", "warn", "."),
  command("lint", "npx", "eslint", "--cache", "--cache-location", "node_modules/.cache/eslint", "."),
  command("typecheck", "npx", "tsc", "-p", "."),
  jest("unit"),
  jest("golden"),
  jest("components"),
  jest("policies"),
  command("toolchain", "npx", "tsx", "toolchain/main.ts", "build"),
  ...modulesWithTests().map(goTests),
  jest("live", "--runInBand"),
];

/** Steps that run only when they are named: what takes long under load, or has to be watched for long. */
const extra: readonly Step[] = [jest("soak", "--runInBand")];

/** Go modules with tests, those of the toolchain and of the example apps, relative to the project. */
function modulesWithTests(): string[] {
  const below = (folder: string, inside: string): string[] =>
    readdirSync(path.join(root, folder)).map((name) => path.join(folder, name, inside));
  return [...below("toolchain/go", ""), ...below("apps", "src")]
    .filter((folder) => existsSync(path.join(root, folder, "go.mod")))
    .filter((folder) =>
      readdirSync(path.join(root, folder), { recursive: true }).some((file) => String(file).endsWith("_test.go")),
    );
}

async function main(names: readonly string[]): Promise<void> {
  const known = [...steps, ...extra];
  const unknown = names.filter((name) => !known.some((step) => step.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`no step ${unknown.join(", ")}; there are: ${known.map(({ name }) => name).join(", ")}\n`);
    process.exitCode = 2;
    return;
  }
  const began = Number(process.env.TESTS_BEGAN ?? Date.now());
  const verdicts: Verdict[] = [];
  for (const step of names.length === 0 ? steps : known.filter(({ name }) => names.includes(name)))
    verdicts.push(await runStep(step));
  report(verdicts, began);
}

async function runStep({ name, run }: Step): Promise<Verdict> {
  process.stdout.write(`\n── ${name}\n`);
  const began = Date.now();
  const verdict = await run();
  const mark = verdict.failed === 0 ? "✓" : "✗";
  process.stdout.write(`${mark} ${name}: ${verdict.passed} passed, ${verdict.failed} failed (${seconds(began)} s)\n`);
  return verdict;
}

function report(verdicts: readonly Verdict[], began: number): void {
  const passed = sum(verdicts.map((verdict) => verdict.passed));
  const skipped = verdicts.flatMap((verdict) => verdict.skipped);
  for (const title of skipped) process.stdout.write(`skipped: ${title}\n`);
  // In CI everything has to run: what does not run there runs nowhere.
  const failed = sum(verdicts.map((verdict) => verdict.failed)) + (process.env.CI === undefined ? 0 : skipped.length);
  process.stdout.write(`\n${seconds(began)} s of ${budget * 60} s\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}

void main(process.argv.slice(2));
