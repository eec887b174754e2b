import { Command } from "commander";
import { projectRoot, targets, type Target } from "../clusters";
import { onEach } from "../each";
import { examples } from "../examples";
import { interruption } from "../interruption";
import { createProgress } from "../progress";
import type { ClusterReport } from "../report/report";

interface Options {
  readonly json?: true;
  readonly policyPack?: string;
  readonly frozen?: true;
  readonly report?: string;
}

export function preview(): Command {
  return new Command("preview")
    .summary("show what up would change")
    .description("Shows what `up` would change, and changes nothing: images are not built, the cluster is not started.")
    .argument("[env]", "environment or stack", "local")
    .option("--policy-pack <folder>", "let a policy pack judge every resource")
    .option("--frozen", "fail where the release file doesn't say everything")
    .option("--report <file>", "write what reviewers need: .html, .md, .json or .sarif")
    .option("--json", "for a machine to read")
    .addHelpText("after", examples("preview", "preview dev --json", "preview prod --report review.html"))
    .action(run);
}

async function run(environment: string, options: Options): Promise<void> {
  const { requireForm, writeReports } = await import("../report/write");
  if (options.report !== undefined) requireForm(options.report);
  const signal = interruption();
  const reports: ClusterReport[] = [];
  try {
    const results = await onEach(targets(environment), options.json === true, (target) =>
      previewOne(target, options, reports, signal),
    );
    if (options.json === true) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  } finally {
    // What is refused is reviewed too.
    if (options.report !== undefined && reports.length > 0) writeReports(options.report, reports);
  }
}

async function previewOne(
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
  }
  const engine = await openStack(projectRoot, target.stackName, target.stack);
  const pack = options.policyPack === undefined ? {} : { policyPack: options.policyPack };
  const result = await operate(engine, "preview", { progress, signal, ...pack });
  if (options.json !== true) process.stdout.write(`${changeList(result)}${summary(target.stackName, result, "to do")}\n`);
  return changesTold(result);
}
