import type { Verdict } from "../../policies/judge";
import type { Project } from "../../stacks/project";
import { admissionOf } from "../../stacks/project/admission";
import { readPrices } from "../../stacks/project/prices";
import { projectRoot, type Target } from "../clusters";
import { openStack } from "../engine/session";
import { type ClusterReport, clusterReport } from "./report";
import { objectsIn } from "./state";

/** The report on a project, compared with what the stack's state says that the cluster was given last. */
export async function reportOn(target: Target, project: Project, verdicts: readonly Verdict[]): Promise<ClusterReport> {
  const engine = await openStack(projectRoot, target.stackName, target.stack);
  const prices = readPrices(projectRoot, project.cluster.name, project.stack);
  const engines = project.platform.engines.flatMap(({ objects, resources }) => [...objects, ...resources]);
  return clusterReport({
    root: projectRoot,
    project,
    verdicts,
    before: objectsIn(await engine.exportState()),
    platform: [...engines, ...admissionOf(project)].filter(({ kind }) => kind !== "Secret"),
    ...(prices === undefined ? {} : { prices }),
  });
}
