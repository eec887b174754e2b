import type { KubeObject } from "../../components/kube/object";
import { admissionObjects } from "../../policies/admission";
import { objectRules } from "../../policies/rules";
import { stackPolicy, today } from "../../policies/settings";
import type { Project } from "../project";

/** What makes the cluster of a project judge by its environment's rules. Exemptions that have run out are left away. */
export function admissionOf({ stack, cluster }: Pick<Project, "stack" | "cluster">): readonly KubeObject[] {
  const reach = stack.policy.reach ?? (cluster.definition.kind === "existing" ? "own" : "all");
  return admissionObjects(objectRules, stackPolicy(stack, today()), reach);
}
