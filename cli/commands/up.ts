import { Command } from "commander";
import { kubectlFor, projectRoot, targets, type Target } from "../clusters";
import { onEach } from "../each";
import { examples } from "../examples";
import { interruption } from "../interruption";
import { type LayerChoice, layerOption, ofLayer } from "../layers";
import { createProgress, type Progress } from "../progress";

interface Options {
  readonly json?: true;
  readonly policyPack?: string;
  readonly frozen?: true;
  readonly layer?: LayerChoice;
  readonly adopt?: true;
  readonly refresh?: true;
}

export function up(): Command {
  return new Command("up")
    .summary("make an environment what its files say")
    .description(
      `Makes an environment what its files say. Where the cluster is this machine's own, it builds missing tools, starts the cluster and
builds the images of apps with source first. Run it again after any failure: what is done stays done.`,
    )
    .argument("[env]", "environment or stack", "local")
    .addOption(layerOption())
    .option("--policy-pack <folder>", "let a policy pack judge every resource")
    .option("--adopt", "take over objects of ours that exist on the cluster and the stack's state doesn't know")
    .option("--refresh", "look at the cluster first, and put right what was changed by hand (see `drift`)")
    .option("--frozen", "build nothing and write no file: the release file says it all, or the command fails")
    .option("--json", "for a machine to read")
    .addHelpText("after", examples("up", "up dev", "up prod --frozen", "up dev.aws-eu --json"))
    .action(run);
}

async function run(environment: string, options: Options): Promise<void> {
  const progress = createProgress();
  const signal = interruption();
  const results = await onEach(ofLayer(targets(environment), options.layer), options.json === true, (target) =>
    upOne(target, options, progress, signal),
  );
  if (options.json === true) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
}

/** Makes one cluster what its files say, and tells what runs then. */
export async function upOne(
  target: Target,
  options: Options,
  progress: Progress,
  signal: AbortSignal,
): Promise<object> {
  if (options.layer === "infrastructure") return upInfrastructure(target, options, progress, signal);
  const { prepare } = await import("../up/prepare");
  const { openStack } = await import("../engine/session");
  const { apply } = await import("../up/apply");
  const { handOverReplicas } = await import("../up/handover");
  const { wakeNewVersions } = await import("../up/wake");
  const { changesTold, summary } = await import("../engine/summary");
  const { findWorkloads } = await import("../workloads/find");
  const { workloadTable } = await import("../workloads/table");
  const { findVolumes, keptNotice } = await import("../volumes/kept");
  const { findDefinitions, keptDefinitionsNotice } = await import("../definitions/kept");
  const { addressesIn, addressTable, leadsElsewhere } = await import("../workloads/addresses");

  const { layer } = options;
  const project = await prepare(target, { progress, signal, frozen: options.frozen === true, layer });
  const engine = await openStack(projectRoot, target.stackName, target.stack);
  const kubectl = await kubectlFor(target);
  await handOverReplicas(project, kubectl);
  const result = await apply({
    project,
    engine,
    kubectl,
    progress,
    signal,
    adopt: options.adopt === true,
    refresh: options.refresh === true,
    ...policyPack(options),
  });
  await wakeNewVersions({ project, kubectl, progress, signal });
  const running = await findWorkloads(kubectl);
  const workloads = running.map((workload) => ({ stack: target.stackName, ...workload }));
  const addresses = addressesIn(await engine.outputs());
  const objects = project.apps.flatMap((app) => app.objects);
  const volumes = await findVolumes(kubectl, objects, running);
  const definitions = await findDefinitions(kubectl, target, project);
  if (options.json !== true) {
    const shown = new Set(workloads.flatMap((workload) => workload.addresses));
    const telling = addresses.filter((address) => !shown.has(address.url ?? "") || leadsElsewhere(address));
    const tables = [workloadTable(workloads), ...(telling.length === 0 ? [] : [addressTable(telling)])];
    process.stdout.write(`\n${tables.join("\n\n")}\n\n${summary(target.stackName, result)}\n`);
    process.stdout.write(keptNotice(volumes, target.stackName));
    process.stdout.write(keptDefinitionsNotice(definitions, target.stackName));
  }
  const kept = volumes.filter(({ state }) => state === "kept");
  const keptDefinitions = definitions.filter(({ state }) => state === "kept");
  return { ...changesTold(result), workloads, addresses, kept, keptDefinitions };
}

async function upInfrastructure(
  target: Target,
  options: Options,
  progress: Progress,
  signal: AbortSignal,
): Promise<object> {
  const { ensureInfrastructure, infrastructureStack } = await import("../up/infrastructure");
  const { changesTold, summary } = await import("../engine/summary");
  const result = await ensureInfrastructure(target, { progress, signal, frozen: options.frozen === true });
  if (result === undefined) return {};
  const stack = infrastructureStack(target);
  if (options.json !== true) process.stdout.write(`${summary(stack, result)}\n`);
  return { infrastructure: { stack, ...changesTold(result) } };
}

function policyPack({ policyPack: folder }: Options): { policyPack?: string } {
  return folder === undefined ? {} : { policyPack: folder };
}
