import type { Chart } from "cdk8s";
import { keys, standardLabels } from "../../kube/labels";
import type { ClusterFacts } from "../../cluster/facts";
import type { Capabilities } from "../model/capabilities";
import type { AppModel, WorkloadModel } from "../model/types";

export type { Capabilities } from "../model/capabilities";

/** What objects are made from. */
export interface RenderContext {
  readonly chart: Chart;
  readonly app: AppModel;
  readonly facts: ClusterFacts;
  readonly capabilities: Capabilities;
}

/** Labels of an object of the app, or of one of its workloads. */
export function labelsOf(app: AppModel, workload?: Pick<WorkloadModel, "name">): Record<string, string> {
  return {
    ...standardLabels(app.name, workload?.name),
    ...(app.owner === undefined ? {} : { [keys.owner]: app.owner }),
  };
}
