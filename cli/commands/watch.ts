import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { kubectlFor, target } from "../clusters";
import { examples } from "../examples";
import { fullName, selectWorkloads } from "../workloads/find";
import { type LoadedWorkload, readLoad } from "../workloads/load";
import { loadTable } from "../workloads/load-table";

interface Options {
  readonly stack: string;
  readonly every: number;
}

export function watch(): Command {
  return new Command("watch")
    .summary("watch an app scale")
    .description(
      `Shows again and again what the workloads of an app carry, and each decision of the autoscaler as it comes. On a terminal the table stays
in its place; elsewhere a line is printed for everything that changes. Ctrl-C ends it.`,
    )
    .argument("<app[/workload]>", "for example shop or shop/web")
    .option("-s, --stack <stack>", "environment or stack", "local")
    .option("--every <seconds>", "time between two looks", wholeSeconds, 2)
    .addHelpText("after", examples("watch shop", "watch shop/web --every 5", "watch shop -s dev"))
    .action(run);
}

function wholeSeconds(text: string): number {
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 1) throw new InvalidArgumentError("Write whole seconds, at least 1.");
  return seconds;
}

async function run(name: string, { stack, every }: Options): Promise<void> {
  const kubectl = await kubectlFor(target(stack));
  const chosen = new Set((await selectWorkloads(kubectl, name)).map(fullName));
  const show = process.stdout.isTTY ? inPlace() : changes();
  for (;;) {
    const workloads = await readLoad(kubectl);
    show(workloads.filter((one) => chosen.has(fullName(one))));
    await sleep(every * 1000);
  }
}

type Show = (workloads: readonly LoadedWorkload[]) => void;

/** Draws the table over the one before. */
function inPlace(): Show {
  let lines = 0;
  return (workloads) => {
    const text = loadTable(workloads);
    if (lines > 0) process.stdout.write(`\u001b[${lines}A\u001b[J`);
    process.stdout.write(`${text}\n`);
    lines = text.split("\n").length;
  };
}

/** Prints a line for each workload whose replicas, decision or state are others than before. */
function changes(): Show {
  const before = new Map<string, string>();
  return (workloads) => {
    for (const one of workloads) {
      const { ready, wanted, decision, state } = one;
      const parts = [`${ready}/${wanted}`, decision?.text ?? "", state ?? ""].filter((part) => part !== "");
      const line = `${fullName(one)} ${parts.join("; ")}`;
      if (before.get(fullName(one)) !== line) process.stdout.write(`${new Date().toISOString()} ${line}\n`);
      before.set(fullName(one), line);
    }
  };
}
