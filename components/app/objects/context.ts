import type { Chart } from "cdk8s";
import { keys, standardLabels } from "../../kube/labels";
import type { ClusterFacts } from "../../cluster/facts";
import type { AppModel, WorkloadModel } from "../model/types";

/** What the platform of a cluster does for apps, so that the app's own objects leave it out. Default: nothing. */
export interface Capabilities {
  /** Exposed workloads get their addresses from a gateway; without one each gets a load balancer of its own. */
  readonly gateway?: boolean;
  /** Scaled workloads get their number of replicas from an autoscaler; without one they stay at `scale.min`, but at least one. */
  readonly autoscaling?: boolean;
}

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
