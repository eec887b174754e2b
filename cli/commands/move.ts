import { Command, InvalidArgumentError } from "commander";
import { targets } from "../clusters";
import { examples } from "../examples";
import { interruption } from "../interruption";
import { createProgress } from "../progress";
import { upOne } from "./up";

interface Options {
  readonly to: string;
  readonly drain: number;
  readonly dryRun?: true;
}

export function move(): Command {
  return new Command("move")
    .summary("move an app to another cluster while it serves")
    .description(
      `Moves an app from the cluster it runs on to another one of its environment, in steps that each leave it serving: create it there, wait
until it is ready, let its address lead there, wait until nobody asks the old place any more, take it away from there. Stopped at any
point, the next run goes on from there: the release file says how far it is.`,
    )
    .argument("<app>", "app to move")
    .argument("<env>", "environment")
    .requiredOption("--to <cluster>", "cluster to move to")
    .option("--drain <seconds>", "time until nobody asks the old place any more", seconds, 120)
    .option("--dry-run", "print the steps, take none")
    .addHelpText("after", examples("move shop prod --to azure-eu", "move shop prod --to azure-eu --dry-run"))
    .action(run);
}

async function run(app: string, environment: string, { to, drain, dryRun }: Options): Promise<void> {
  const { moveApp, moveSteps } = await import("../release/move");
  const clusters = targets(environment);
  const steps = moveSteps({ targets: clusters, app, to });
  if (steps.length === 0) {
    process.stdout.write(`${app} runs on ${to} already.\n`);
    return;
  }
  for (const [index, { action, cluster }] of steps.entries())
    process.stdout.write(`${index + 1}. ${titles[action]} ${cluster}\n`);
  if (dryRun === true) return;
  const progress = createProgress();
  const signal = interruption();
  await moveApp({
    targets: clusters,
    app,
    to,
    drain: drain * 1000,
    progress,
    signal,
    up: (target) => upOne(target, {}, progress, signal),
  });
  process.stdout.write(`${app} runs on ${to}.\n`);
}

const titles = {
  create: "create it on",
  check: "wait until it is ready on",
  switch: "let its address lead to",
  drain: "take it away from",
} as const;

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError("It must be a number of seconds.");
}
