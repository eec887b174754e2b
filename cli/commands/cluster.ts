import { Command } from "commander";
import { examples } from "../examples";
import { createProgress } from "../progress";
import { table } from "../table";

/** The instance that the stack `local` runs on. */
const usualInstance = "local";

export function cluster(): Command {
  const command = new Command("cluster")
    .summary("start, stop, look at or delete the embedded cluster")
    .description(
      "The Kubernetes that runs on this machine: one node, all from pinned sources, its state in one folder.",
    )
    .addHelpText("after", examples("cluster start", "cluster status --json", "cluster delete other"));
  command
    .command("start")
    .description("start the cluster, or make it; returns when its node takes pods")
    .argument("[name]", "name of the instance", usualInstance)
    .option("--json", "for a machine to read")
    .action(start);
  command
    .command("stop")
    .description("end its processes; its data stays")
    .argument("[name]", "name of the instance", usualInstance)
    .action(stop);
  command
    .command("status")
    .description("show whether it runs, and where it answers")
    .argument("[name]", "name of the instance", usualInstance)
    .option("--json", "for a machine to read")
    .action(status);
  command
    .command("delete")
    .description("end it and remove all its data")
    .argument("[name]", "name of the instance", usualInstance)
    .action(remove);
  return command;
}

async function start(name: string, options: { readonly json?: true }): Promise<void> {
  const { startEmbedded } = await import("../embedded");
  const { addresses } = await startEmbedded(name, createProgress());
  if (options.json === true) process.stdout.write(`${JSON.stringify(addresses, null, 2)}\n`);
  else process.stdout.write(`The cluster "${name}" is ready: export KUBECONFIG=${addresses.kubeconfig}\n`);
}

async function stop(name: string): Promise<void> {
  const { stopCluster } = await import("../../toolchain/cluster/cluster");
  const step = createProgress().step(`stopping cluster ${name}`);
  await stopCluster({ name });
  step.done();
}

async function remove(name: string): Promise<void> {
  const { deleteEmbedded } = await import("../embedded");
  await deleteEmbedded(name, createProgress());
}

async function status(name: string, options: { readonly json?: true }): Promise<void> {
  const { clusterStatus } = await import("../../toolchain/cluster/status");
  const found = await clusterStatus({ name });
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    return;
  }
  const addresses = Object.entries(found.addresses ?? {}).filter(([key]) => key !== "name");
  const facts = [["state", found.state] as const, ...addresses].map(([key, value]) => [words(key), String(value)]);
  const parts = found.parts.map(({ name: part, pid }) => [part, pid === undefined ? "not running" : `process ${pid}`]);
  process.stdout.write(`${table([["cluster", name], ...facts, ...parts])}\n`);
}

/** `loadBalancerAddress` as people write it. */
function words(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
