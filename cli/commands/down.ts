import { Command } from "commander";
import { projectRoot, targets } from "../clusters";
import { examples } from "../examples";
import { interruption } from "../interruption";
import { createProgress } from "../progress";

interface Options {
  readonly cluster?: true;
}

export function down(): Command {
  return new Command("down")
    .summary("take everything of an environment off its clusters")
    .description(
      "Deletes everything of an environment from its clusters. The embedded cluster itself stays, unless --cluster is given; then its data goes too.",
    )
    .argument("[env]", "environment or stack", "local")
    .option("--cluster", "also delete the embedded cluster with all its data")
    .addHelpText("after", examples("down", "down local --cluster"))
    .action(run);
}

async function run(environment: string, options: Options): Promise<void> {
  const { openStack } = await import("../engine/session");
  const { operate } = await import("../engine/operate");
  const { summary } = await import("../engine/summary");
  const { startEmbedded, deleteEmbedded } = await import("../embedded");
  const progress = createProgress();
  const signal = interruption();
  for (const target of targets(environment)) {
    const { cluster, stack, stackName } = target;
    if (cluster.kind === "embedded" && options.cluster === true) {
      await deleteEmbedded(cluster.instance, progress);
      continue;
    }
    if (cluster.kind === "embedded") await startEmbedded(cluster.instance, progress);
    const engine = await openStack(projectRoot, stackName, stack);
    const result = await operate(engine, "destroy", { progress, signal });
    process.stdout.write(`${summary(stackName, result)}\n`);
  }
}
