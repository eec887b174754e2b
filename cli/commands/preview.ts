import { Command } from "commander";
import { throwAll } from "../../components/errors";
import { projectRoot, targets, type Target } from "../clusters";
import { onEach } from "../each";
import { examples } from "../examples";
import { interruption } from "../interruption";
import { type LayerChoice, layerOption, ofLayer } from "../layers";
import { createProgress } from "../progress";
import type { ClusterReport } from "../report/report";

interface Options {
  readonly json?: true;
  readonly policyPack?: string;
  readonly frozen?: true;
  readonly layer?: LayerChoice;
  readonly report?: string;
}

export function preview(): Command {
  return new Command("preview")
    .summary("show what up would change")
    .description("Shows what `up` would change, and changes nothing: images are not built, the cluster is not started.")
    .argument("[env]", "environment or stack", "local")
    .option("--policy-pack <folder>", "let a policy pack judge every resource")
    .addOption(layerOption())
    .option("--frozen", "fail where the release file doesn't say everything")
    .option("--report <file>", "write what reviewers need: .html, .md, .json or .sarif")
    .option("--json", "for a machine to read")
    .addHelpText("after", examples("preview", "preview dev --json", "preview dev --layer infrastructure", "preview prod --report review.html"))
    .action(run);
}

async function run(environment: string, options: Options): Promise<void> {
  const { requireForm, writeReports } = await import("../report/write");
  if (options.report !== undefined) requireForm(options.report);
  const signal = interruption();
  const reports: ClusterReport[] = [];
  try {
    const chosen = ofLayer(targets(environment), options.layer);
    const results = await onEach(chosen, options.json === true, (target) =>
      previewOne(target, options, reports, signal),
    );
    if (options.json === true) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  } finally {
    // What is refused is reviewed too.
    if (options.report !== undefined && reports.length > 0) writeReports(options.report, reports);
  }
}

/**
 * Previews the layers of one cluster. Where the infrastructure can't be previewed the apps still are; then it fails, unless the machine lacks the
 * plugin and nobody asked for that layer by name.
 */
async function previewOne(
  target: Target,
  options: Options,
  reports: ClusterReport[],
  signal: AbortSignal,
): Promise<object> {
  const { infrastructureReport, infrastructureTold, isImpossible, previewInfrastructure } =
    await import("../preview/infrastructure");
  const { infrastructureOnly } = await import("../report/report");
  const { changeList, summary } = await import("../engine/summary");
  const { layer, policyPack } = options;
  const progress = createProgress();
  const infrastructure =
    layer === "apps" ? undefined : await previewInfrastructure(target, { progress, signal, policyPack });
  if (infrastructure === undefined) return previewApps(target, options, reports, signal);

  const { stack, result, errors } = infrastructure;
  const report = infrastructureReport(infrastructure);
  for (const { rule, resource = stack, message } of report.advice) {
    progress.line(`warning: ${resource} breaks the rule ${rule}: ${message}`);
  }
  if (result !== undefined && options.json !== true)
    process.stdout.write(`${changeList(result)}${summary(stack, result, "to do")}\n`);
  if (layer === "infrastructure") {
    const cluster = { stack: target.stackName, cluster: target.name, enforcement: target.stack.policy.enforcement };
    reports.push(infrastructureOnly(cluster, report));
    throwAll(errors);
    return { infrastructure: infrastructureTold(infrastructure) };
  }
  const before = reports.length;
  const leaveOut = layer === undefined && isImpossible(infrastructure);
  if (leaveOut) progress.line(`warning: infrastructure: not previewed. ${errors.map(String).join(" ")}`);
  const apps = await previewApps(target, options, reports, signal).finally(() => {
    for (const [index, one] of reports.entries()) if (index >= before) reports[index] = { ...one, infrastructure: report };
  });
  if (!leaveOut) throwAll(errors);
  return { ...apps, infrastructure: infrastructureTold(infrastructure) };
}

async function previewApps(
  target: Target,
  options: Options,
  reports: ClusterReport[],
  signal: AbortSignal,
): Promise<object> {
  const { loadProject, requireFrozen } = await import("../../stacks/project");
  const { enforce, judgeProjects, requireExemptions } = await import("../policies/judgement");
  const { isMade } = await import("../up/infrastructure");
  const { makeEngines } = await import("../up/prepare");
  const { openStack } = await import("../engine/session");
  const { operate } = await import("../engine/operate");
  const { requireVolumesFitIfReached } = await import("../up/volumes");
  const { changeList, changesTold, summary } = await import("../engine/summary");

  const progress = createProgress();
  // On this machine's own cluster `up` makes them, and their images with them.
  if (target.cluster.kind !== "embedded") await makeEngines(target, undefined, progress);
  const project = loadProject({ root: projectRoot, stack: target.stackName });
  if (options.frozen === true) requireFrozen(project);
  requireExemptions(project, projectRoot);
  const [verdicts = []] = await judgeProjects([project], progress);
  if (options.report !== undefined) {
    const { reportOn } = await import("../report/gather");
    reports.push(await reportOn(target, project, verdicts));
  }
  enforce(project, verdicts, { root: projectRoot, progress, advice: "told" });
  if (!(await isMade(target))) {
    progress.line(`${target.stackName}: the cluster does not exist yet; what follows is not validated by a server.`);
  } else await requireVolumesFitIfReached(project, target);
  const engine = await openStack(projectRoot, target.stackName, target.stack);
  const pack = options.policyPack === undefined ? {} : { policyPack: options.policyPack };
  const result = await operate(engine, "preview", { progress, signal, ...pack });
  if (options.json !== true)
    process.stdout.write(`${changeList(result)}${summary(target.stackName, result, "to do")}\n`);
  return changesTold(result);
}
