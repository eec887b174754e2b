import { PetrichorError } from "../../components/errors";
import type { Project } from "../../stacks/project";
import { refused, whatIsWrong } from "../policies/findings";
import { judgeProjects } from "../policies/judgement";
import type { Progress } from "../progress";

/**
 * Judges everything that projects come to by the rules of their environment, before any of it is written down.
 * @returns PROMOTION_AGAINST_POLICY, one for each object and rule that would be refused there
 */
export async function policyErrors(projects: readonly Project[], progress: Progress): Promise<PetrichorError[]> {
  const enforcing = projects.filter(({ stack }) => stack.policy.enforcement === "deny");
  if (enforcing.length === 0) return [];
  const all = await judgeProjects(enforcing, progress);
  return enforcing.flatMap(({ name, cluster }, index) =>
    refused(all[index] ?? []).map(
      (verdict) =>
        new PetrichorError(
          "PROMOTION_AGAINST_POLICY",
          `${verdict.subject} breaks the rule ${verdict.rule.name} on ${cluster.name}: ${whatIsWrong(verdict)}.`,
          `${verdict.rule.remedy}, or have it exempted in the stack file.`,
          { stack: name.environment },
        ),
    ),
  );
}
