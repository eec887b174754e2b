import { Command } from "commander";
import { kubectlFor, target } from "../clusters";
import { examples } from "../examples";
import { selectWorkloads } from "../workloads/find";

interface Options {
  readonly stack: string;
  readonly follow?: true;
  readonly previous?: true;
  readonly since?: string;
  readonly tail: string;
}

/** Most log streams that `kubectl` opens at once. */
const streams = "50";

export function logs(): Command {
  return new Command("logs")
    .summary("show what an app or workload prints")
    .description("Shows what the containers of an app, or of one of its workloads, have printed.")
    .argument("<app[/workload]>", "for example shop or shop/web")
    .option("-s, --stack <stack>", "environment or stack", "local")
    .option("-f, --follow", "keep showing what comes")
    .option("-p, --previous", "of the containers before the last restart")
    .option("--since <duration>", "only the last while, for example 10m")
    .option("--tail <lines>", "lines from the end, of each container", "100")
    .addHelpText("after", examples("logs shop", "logs shop/web --follow", "logs shop/web -s dev --since 10m"))
    .action(run);
}

async function run(name: string, options: Options): Promise<void> {
  const kubectl = await kubectlFor(target(options.stack));
  for (const { namespace, workload } of await selectWorkloads(kubectl, name)) {
    process.exitCode = await kubectl.interactive(
      "logs",
      ...["--namespace", namespace, "--selector", `app.kubernetes.io/name=${workload}`],
      ...["--all-containers", "--prefix", "--ignore-errors", "--max-log-requests", streams, "--tail", options.tail],
      ...(options.follow === true ? ["--follow"] : []),
      ...(options.previous === true ? ["--previous"] : []),
      ...(options.since === undefined ? [] : ["--since", options.since]),
    );
  }
}
