import { Command } from "commander";
import { kubectlFor, targets } from "../clusters";
import { examples } from "../examples";
import { findWorkloads } from "../workloads/find";
import { workloadTable } from "../workloads/table";

export function status(): Command {
  return new Command("status")
    .summary("show what runs, and where it answers")
    .description(
      "Shows every workload of an environment: how many replicas are ready, which image they run, where they answer.",
    )
    .argument("[env]", "environment or stack", "local")
    .option("--json", "for a machine to read")
    .addHelpText("after", examples("status", "status dev --json"))
    .action(run);
}

async function run(environment: string, options: { readonly json?: true }): Promise<void> {
  const found = await Promise.all(
    targets(environment).map(async (target) => {
      const workloads = await findWorkloads(await kubectlFor(target));
      return workloads.map((workload) => ({ stack: target.stackName, ...workload }));
    }),
  );
  const all = found.flat();
  if (options.json === true) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  else if (all.length === 0) process.stdout.write("Nothing runs here. `petrichor up` changes that.\n");
  else process.stdout.write(`${workloadTable(all)}\n`);
}
