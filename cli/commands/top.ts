import { Command } from "commander";
import { kubectlFor, targets } from "../clusters";
import { examples } from "../examples";
import { readLoad } from "../workloads/load";
import { loadTable } from "../workloads/load-table";

export function top(): Command {
  return new Command("top")
    .summary("show what workloads carry, and how they scale")
    .description(
      `Shows every workload of an environment with its replicas and their bounds, requests and latency at the gateway, CPU and memory, and
what the autoscaler decided last, and why. What no engine of the stack measures is left empty.`,
    )
    .argument("[env]", "environment or stack", "local")
    .option("--json", "for a machine to read")
    .addHelpText("after", examples("top", "top dev --json"))
    .action(run);
}

async function run(environment: string, options: { readonly json?: true }): Promise<void> {
  const found = await Promise.all(
    targets(environment).map(async (target) => {
      const workloads = await readLoad(await kubectlFor(target));
      return { stack: target.stackName, workloads };
    }),
  );
  if (options.json === true) {
    const all = found.flatMap(({ stack, workloads }) => workloads.map((workload) => ({ stack, ...workload })));
    process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return;
  }
  for (const { stack, workloads } of found) {
    if (found.length > 1) process.stdout.write(`${stack}\n`);
    if (workloads.length === 0) process.stdout.write("Nothing runs here. `petrichor up` changes that.\n");
    else process.stdout.write(`${loadTable(workloads)}\n`);
  }
}
