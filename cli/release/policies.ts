import { PetrichorError } from "../../components/errors";
import type { Project } from "../../stacks/project";
import type { Progress } from "../progress";

/**
 * Judges everything that projects come to by the rules of their environment, before any of it is written down.
 * @throws PetrichorError PROMOTION_AGAINST_POLICY, one for each object and rule that would be refused there
 */
export async function policyErrors(projects: readonly Project[], progress: Progress): Promise<PetrichorError[]> {
  const { ensureTools } = await import("../../toolchain/build");
  const { reportBuilds } = await import("../engine/tools");
  const { CelEvaluator } = await import("../../policies/evaluator");
  const { judgeStack, ObjectJudge } = await import("../../policies/judge");
  const { objectRules, stackRules } = await import("../../policies/rules");
  const { stackPolicy, today } = await import("../../policies/settings");

  const { cel } = await ensureTools(["cel"], { report: reportBuilds(progress) });
  const evaluator = new CelEvaluator(cel);
  try {
    const judge = await ObjectJudge.with(evaluator, objectRules);
    const errors: PetrichorError[] = [];
    for (const { name, stack, cluster, apps } of projects) {
      const policy = stackPolicy(stack, today());
      if (policy.enforcement !== "deny") continue;
      const objects = apps.flatMap((app) => app.objects);
      const verdicts = [...(await judge.judge(objects, policy)), ...judgeStack(stackRules, objects, policy)];
      const refused = verdicts.filter(({ rule, exemption }) => rule.level === "mandatory" && exemption === undefined);
      errors.push(
        ...refused.map(
          ({ rule, subject, message }) =>
            new PetrichorError(
              "PROMOTION_AGAINST_POLICY",
              `${subject} breaks the rule ${rule.name} on ${cluster.name}: ${message.replace(/\.$/, "")}.`,
              "Correct the app, or exempt it in the stack file.",
              { stack: name.environment },
            ),
        ),
      );
    }
    return errors;
  } finally {
    await evaluator.close();
  }
}
