import { type PetrichorError, throwAll } from "../../components/errors";
import { exemptionErrors } from "../../policies/exemptions";
import type { Verdict } from "../../policies/judge";
import { rules } from "../../policies/rules";
import { stackPolicy, today } from "../../policies/settings";
import type { Project } from "../../stacks/project";
import { stackFile } from "../../stacks/project/files";
import { located } from "../../stacks/project/located";
import { readPrices } from "../../stacks/project/prices";
import { projectRoot } from "../clusters";
import type { Progress } from "../progress";
import { refused, reported, violation } from "./findings";

/** What the rules have against each of some projects, in their order; judged in this process, by the API server's own library. */
export async function judgeProjects(projects: readonly Project[], progress: Progress): Promise<(readonly Verdict[])[]> {
  const { ensureTools } = await import("../../toolchain/build");
  const { reportBuilds } = await import("../engine/tools");
  const { CelEvaluator } = await import("../../policies/evaluator");
  const { judgeStack, ObjectJudge } = await import("../../policies/judge");
  const { objectRules, stackRules } = await import("../../policies/rules");

  const { cel } = await ensureTools(["cel"], { report: reportBuilds(progress) });
  const evaluator = new CelEvaluator(cel);
  try {
    const judge = await ObjectJudge.with(evaluator, objectRules);
    const all: (readonly Verdict[])[] = [];
    for (const { stack, cluster, apps } of projects) {
      const policy = stackPolicy(stack, today(), readPrices(projectRoot, cluster.name, stack));
      const objects = apps.flatMap((app) => app.objects);
      all.push([...(await judge.judge(objects, policy)), ...judgeStack(stackRules, objects, policy)]);
    }
    return all;
  } finally {
    await evaluator.close();
  }
}

export interface JudgementOptions {
  /** The project's folder. */
  readonly root: string;
  readonly progress: Progress;
  /** Whether advice is told in full; else it is counted, and what an environment that enforces would refuse is told in full. */
  readonly advice: "told" | "counted";
}

/**
 * Judges the apps of a project before anything is applied, and prints what is only reported as warnings.
 * @throws PetrichorErrors EXEMPTION_EXPIRED, EXEMPTION_RULE_UNKNOWN; POLICY_VIOLATED where the environment enforces its rules
 */
export async function requireAllowed(project: Project, options: JudgementOptions): Promise<void> {
  requireExemptions(project, options.root);
  const [verdicts = []] = await judgeProjects([project], options.progress);
  enforce(project, verdicts, options);
}

/**
 * Prints the verdicts on a project that are only reported as warnings, and refuses the others.
 * @throws PetrichorErrors POLICY_VIOLATED where the environment enforces its rules
 */
export function enforce(project: Project, verdicts: readonly Verdict[], options: JudgementOptions): void {
  const { root, progress, advice } = options;
  const { enforcement } = project.stack.policy;
  const found = reported(verdicts, { enforcement });
  const counted = advice === "told" ? [] : found.filter(({ rule }) => rule.level === "advisory");
  for (const verdict of found.filter((one) => !counted.includes(one))) {
    progress.line(`warning: ${violation(project, root, verdict).toString()}`);
  }
  if (counted.length > 0) progress.line(adviceCounted(counted.length, project.name.environment));
  if (enforcement === "deny") throwAll(refused(verdicts).map((verdict) => violation(project, root, verdict)));
}

/** `policy: 2 pieces of advice; petrichor preview local tells them` */
export function adviceCounted(count: number, environment: string): string {
  return `policy: ${count} ${count === 1 ? "piece" : "pieces"} of advice; \`petrichor preview ${environment}\` tells ${count === 1 ? "it" : "them"}`;
}

/**
 * Checks the exemptions of a stack file.
 * @throws PetrichorErrors EXEMPTION_EXPIRED, EXEMPTION_RULE_UNKNOWN
 */
export function requireExemptions({ name, stack }: Pick<Project, "name" | "stack">, root: string): void {
  const errors: readonly PetrichorError[] = exemptionErrors(
    stack.policy.exemptions,
    rules,
    today(),
    stackFile(root, name.environment),
  );
  located(root, () => {
    throwAll(errors);
  });
}
