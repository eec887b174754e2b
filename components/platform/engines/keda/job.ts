import type { AppModel, JobModel } from "../../../app/model/types";
import { jobObject } from "../../../app/objects/job";
import type { ClusterFacts } from "../../../cluster/facts";
import { standardLabels } from "../../../kube/labels";
import type { KubeObject } from "../../../kube/object";
import { queueTrigger } from "./triggers";

/** Finished runs that stay beside those that `keep` holds: KEDA's own limits count, not the time. */
const history = { successful: 3, failed: 3 };

/** Starts runs of a job for what waits in its queues. */
export function scaledJob(app: AppModel, workload: JobModel, facts: ClusterFacts): KubeObject {
  const { max, on, queues, every } = workload.scale ?? { max: 1, on: [], queues: {}, every: 1 };
  const { spec } = jobObject(app, workload, facts) as KubeObject & { readonly spec: Record<string, unknown> };
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledJob",
    metadata: {
      name: workload.objectName,
      namespace: workload.namespace,
      labels: standardLabels(app.name, workload.name),
    },
    spec: {
      jobTargetRef: spec,
      maxReplicaCount: max,
      pollingInterval: every,
      successfulJobsHistoryLimit: history.successful,
      failedJobsHistoryLimit: history.failed,
      // What a run has taken and not yet acknowledged is still counted, so runs that go on are taken off what is wanted.
      scalingStrategy: { strategy: "default" },
      triggers: on.map((trigger) => queueTrigger(trigger, queues)),
    },
  };
}
