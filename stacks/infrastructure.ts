import { PetrichorError } from "../components/errors";
import { type ClusterInfrastructure, makeInfrastructure } from "../components/cluster/infrastructure";
import { loadStack } from "./project";
import { unknownStack } from "./project/files";
import { parseStackName, stackNames } from "./project/name";
import { isCloud } from "./stack";

/**
 * The program of an infrastructure stack, such as `dev.infra` or `prod.aws-eu.infra`: one cluster and what belongs to it in its cloud.
 * @throws PetrichorError STACK_UNKNOWN; INFRASTRUCTURE_NONE for a cluster that isn't ours to make
 */
export async function infrastructure(root: string, stackName: string): Promise<ClusterInfrastructure> {
  const stack = loadStack(root, parseStackName(stackName).environment);
  const known = stackNames(stack, "infra");
  const [name, definition] = Object.entries(stack.clusters)[known.indexOf(stackName)] ?? [];
  if (name === undefined || definition === undefined) throw unknownStack(stackName, known);
  if (!isCloud(definition)) {
    throw new PetrichorError(
      "INFRASTRUCTURE_NONE",
      `the cluster "${name}" is ${definition.kind}: it has no infrastructure of ours.`,
      `Work on its other stack, ${stackName.replace(/\.infra$/, "")}.`,
      { stack: stackName },
    );
  }
  return makeInfrastructure(stack.environment, name, definition);
}
