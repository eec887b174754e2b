import { Command } from "commander";
import { errorsOf, PetrichorErrors, throwAll } from "../../components/errors";
import { projectRoot, targets, type Target } from "../clusters";
import { onEach } from "../each";
import { examples } from "../examples";
import { interruption } from "../interruption";
import { type LayerChoice, layerOption, ofLayer } from "../layers";
import { createProgress, type Progress } from "../progress";
import type { InfrastructureReport } from "../report/infrastructure";
import type { ClusterReport } from "../report/report";

interface Options {
  readonly json?: true;
  readonly policyPack?: string;
  readonly frozen?: true;
  readonly layer?: LayerChoice;
  readonly report?: readonly string[];
}

export function preview(): Command {
  return new Command("preview")
    .summary("show what up would change")
    .description("Shows what `up` would change, and changes nothing: images are not built, the cluster is not started.")
    .argument("[env]", "environment or stack", "local")
    .option("--policy-pack <folder>", "let a policy pack judge every resource")
    .addOption(layerOption())
    .option("--frozen", "fail where the release file doesn't say everything")
    .option(
      "--report <file>",
      "write what reviewers need: .html, .md, .json or .sarif; may be given for each of them",
      (file: string, others?: readonly string[]) => [...(others ?? []), file],
    )
    .option("--json", "for a machine to read")
    .addHelpText(
      "after",
      examples(
        "preview",
        "preview dev --json",
        "preview dev --layer infrastructure",
        "preview prod --report review.html",
      ),
    )
    .action(run);
}

async function run(environment: string, options: Options): Promise<void> {
  const { requireForm, writeReports } = await import("../report/write");
  for (const file of options.report ?? []) requireForm(file);
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
    if (reports.length > 0) for (const file of options.report ?? []) writeReports(file, reports);
  }
}

/**
 * Previews the layers of one cluster. Where the infrastructure can't be previewed the apps still are; then the command fails, unless the machine
 * lacks the plugin and nobody asked for that layer by name.
 */
async function previewOne(
  target: Target,
  options: Options,
  reports: ClusterReport[],
  signal: AbortSignal,
): Promise<object> {
  const { infrastructureReport, infrastructureTold, isImpossible, previewInfrastructure } =
    await import("../preview/infrastructure");
  const { layer, policyPack } = options;
  const progress = createProgress();
  const infrastructure =
    layer === "apps" ? undefined : await previewInfrastructure(target, { progress, signal, policyPack });
  if (infrastructure === undefined) return previewApps(target, options, reports, signal);

  const report = infrastructureReport(infrastructure);
  const told = { infrastructure: infrastructureTold(infrastructure) };
  await tellInfrastructure(report, options.json === true, progress);
  if (layer === "infrastructure") {
    const { infrastructureOnly } = await import("../report/report");
    reports.push(infrastructureOnly(target.stackName, target.name, target.stack.policy.enforcement, report));
    throwAll(infrastructure.errors);
    return told;
  }
  const leaveOut = layer === undefined && isImpossible(infrastructure);
  const reasons = infrastructure.errors.map(String).join(" ");
  if (leaveOut) progress.line(`warning: ${infrastructure.stack}: infrastructure: not previewed. ${reasons}`);
  try {
    const apps = await previewApps(target, options, reports, signal, report);
    if (!leaveOut) throwAll(infrastructure.errors);
    return { ...apps, ...told };
  } catch (error) {
    if (leaveOut || infrastructure.errors.length === 0) throw error;
    throw new PetrichorErrors([...new Set([...infrastructure.errors, ...errorsOf(error)])]);
  }
}

async function tellInfrastructure(report: InfrastructureReport, json: boolean, progress: Progress): Promise<void> {
  const { changeList, summary } = await import("../engine/summary");
  for (const { rule, resource = report.stack, message } of report.advice) {
    progress.line(`warning: ${resource} breaks the rule ${rule}: ${message}`);
  }
  if (report.notPreviewed !== undefined || json) return;
  process.stdout.write(`${changeList(report)}${summary(report.stack, report, "to do")}\n`);
}

async function previewApps(
  target: Target,
  options: Options,
  reports: ClusterReport[],
  signal: AbortSignal,
  infrastructure?: InfrastructureReport,
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
    const report = await reportOn(target, project, verdicts);
    reports.push(infrastructure === undefined ? report : { ...report, infrastructure });
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
