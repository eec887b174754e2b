import type { ClusterFacts } from "../../cluster/facts";
import type { KubeObject } from "../../kube/object";
import { renderChart } from "../../kube/render";
import type { AppModel, JobModel } from "../model/types";
import { job } from "./workload";

/** The Job that one run of a workload is; who starts runs takes its spec. */
export function jobObject(app: AppModel, workload: JobModel, facts: ClusterFacts): KubeObject {
  const [object] = renderChart((chart) => {
    job({ chart, app, facts, capabilities: {} }, workload);
  });
  if (object === undefined) throw new TypeError(`the job ${workload.name} renders to nothing`);
  return object;
}
