import { Command } from "commander";
import { kubectlFor, projectRoot, targets } from "../clusters";
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
      `Deletes everything of an environment from its clusters. The clusters themselves stay, unless --cluster is given: then an embedded one goes with
its data, and a cloud's with its infrastructure, after kept volumes of ours and once no load balancer and no volume of others would stay behind in
the cloud. Clusters of others always stay.`,
    )
    .argument("[env]", "environment or stack", "local")
    .option("--cluster", "also delete the clusters themselves, with all their data")
    .addHelpText("after", examples("down", "down local --cluster"))
    .action(run);
}

async function run(environment: string, options: Options): Promise<void> {
  const { openStack } = await import("../engine/session");
  const { operate } = await import("../engine/operate");
  const { summary } = await import("../engine/summary");
  const { findVolumes, keptNotice } = await import("../volumes/kept");
  const { findDefinitions, keptDefinitionsNotice } = await import("../definitions/kept");
  const { findWorkloads } = await import("../workloads/find");
  const { startEmbedded, deleteEmbedded } = await import("../embedded");
  const { isCloud } = await import("../../stacks/stack");
  const { infrastructureStack } = await import("../up/infrastructure");
  const { removeInfrastructure, requireDeletable } = await import("../up/take-down");
  const progress = createProgress();
  const signal = interruption();
  const chosen = targets(environment);
  if (options.cluster === true) await requireDeletable(chosen);
  for (const target of chosen) {
    const { cluster, stack, stackName } = target;
    if (cluster.kind === "embedded" && options.cluster === true) {
      await deleteEmbedded(cluster.instance, progress);
      continue;
    }
    if (cluster.kind === "embedded") await startEmbedded(cluster.instance, progress);
    const engine = await openStack(projectRoot, stackName, stack);
    const result = await operate(engine, "destroy", { progress, signal });
    process.stdout.write(`${summary(stackName, result)}\n`);
    if (options.cluster === true && isCloud(cluster)) {
      const removed = await removeInfrastructure(target, { progress, signal });
      process.stdout.write(`${summary(infrastructureStack(target), removed)}\n`);
      continue;
    }
    const kubectl = await kubectlFor(target);
    process.stdout.write(keptNotice(await findVolumes(kubectl, [], await findWorkloads(kubectl)), stackName));
    process.stdout.write(keptDefinitionsNotice(await findDefinitions(kubectl, target), stackName));
  }
}
