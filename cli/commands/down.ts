import { Command } from "commander";
import type { CloudBacked } from "../../components/cluster/leftovers";
import { kubectlFor, projectRoot, type Target, targets } from "../clusters";
import { examples } from "../examples";
import { interruption } from "../interruption";
import { createProgress, type Progress } from "../progress";

interface Options {
  readonly cluster?: true;
}

export function down(): Command {
  return new Command("down")
    .summary("take everything of an environment off its clusters")
    .description(
      `Deletes everything of an environment from its clusters. The clusters themselves stay, unless --cluster is given: then an embedded one goes with
its data, and a cloud's with its infrastructure, once no load balancer and no volume would stay behind. Clusters of others always stay.`,
    )
    .argument("[env]", "environment or stack", "local")
    .option("--cluster", "also delete the clusters themselves, with all their data")
    .addHelpText("after", examples("down", "down local --cluster"))
    .action(run);
}

/** Deletes a cloud cluster's infrastructure; does nothing for clusters of others. */
async function removeInfrastructure(
  target: Target,
  options: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<void> {
  const { isCloud } = await import("../../stacks/stack");
  if (!isCloud(target.cluster)) return;
  const { requireEmpty } = await import("../../components/cluster/leftovers");
  const { infrastructureStack } = await import("../up/infrastructure");
  const { openStack } = await import("../engine/session");
  const { operate } = await import("../engine/operate");
  const { summary } = await import("../engine/summary");
  const kubectl = await kubectlFor(target);
  const { items } = await kubectl.json<{ items: CloudBacked[] }>(
    "get",
    "services,persistentvolumes",
    "--all-namespaces",
  );
  requireEmpty(target.stackName, items);
  const name = infrastructureStack(target);
  const result = await operate(await openStack(projectRoot, name, target.stack), "destroy", options);
  process.stdout.write(`${summary(name, result)}\n`);
}

async function run(environment: string, options: Options): Promise<void> {
  const { openStack } = await import("../engine/session");
  const { operate } = await import("../engine/operate");
  const { summary } = await import("../engine/summary");
  const { findVolumes, keptNotice } = await import("../volumes/kept");
  const { findWorkloads } = await import("../workloads/find");
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
    const kubectl = await kubectlFor(target);
    process.stdout.write(keptNotice(await findVolumes(kubectl, [], await findWorkloads(kubectl)), stackName));
    if (options.cluster === true) await removeInfrastructure(target, { progress, signal });
  }
}
