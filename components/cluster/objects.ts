import type { KubeObject } from "../kube/object";
import { awsObjects } from "./aws/objects";
import { azureObjects } from "./azure/objects";
import type { CloudDefinition } from "./check";
import type { ClusterFacts } from "./facts";

/** Objects that a cloud cluster needs before anything else of ours: they belong to the cluster's own stack and go last. */
export function clusterObjects(
  environment: string,
  cluster: string,
  definition: CloudDefinition,
  facts: ClusterFacts,
): KubeObject[] {
  return definition.kind === "aws"
    ? awsObjects({ environment, cluster, definition }, facts)
    : azureObjects({ environment, cluster, definition });
}
