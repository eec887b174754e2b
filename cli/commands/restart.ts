import { Command } from "commander";
import { kubectlFor, target } from "../clusters";
import { examples } from "../examples";
import { createProgress } from "../progress";
import { fullName, selectWorkloads } from "../workloads/find";

/** Kinds whose pods can be replaced one after the other. */
const restartable = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

interface Options {
  readonly stack: string;
  readonly timeout: string;
}

export function restart(): Command {
  return new Command("restart")
    .summary("replace the pods of an app or workload")
    .description(
      "Replaces the pods of an app, or of one of its workloads, one after the other, and waits until the new ones are ready.",
    )
    .argument("<app[/workload]>", "for example shop or shop/web")
    .option("-s, --stack <stack>", "environment or stack", "local")
    .option("--timeout <duration>", "longest time to wait for each workload", "5m")
    .addHelpText("after", examples("restart shop", "restart shop/web -s dev"))
    .action(run);
}

async function run(name: string, options: Options): Promise<void> {
  const kubectl = await kubectlFor(target(options.stack));
  const progress = createProgress();
  const found = (await selectWorkloads(kubectl, name)).filter(({ kind }) => restartable.has(kind));
  for (const workload of found) {
    const step = progress.step(`restarting ${fullName(workload)}`);
    const where = ["--namespace", workload.namespace, workload.object];
    await kubectl.text("rollout", "restart", ...where);
    try {
      await kubectl.text("rollout", "status", ...where, "--timeout", options.timeout);
      step.done();
    } catch (error) {
      step.failed();
      throw error;
    }
  }
}
