import { setTimeout as sleep } from "node:timers/promises";
import { areGoing, type CloudBacked, requireEmpty, requireUnprotected } from "../../components/cluster/leftovers";
import { isCloud } from "../../stacks/stack";
import { kubectlFor, projectRoot, type Target } from "../clusters";
import { operate, type OperationResult } from "../engine/operate";
import { openStack } from "../engine/session";
import type { Kubectl } from "../kubectl";
import type { Progress } from "../progress";
import { deleteVolumes } from "../volumes/delete";
import { findVolumes } from "../volumes/kept";
import { findWorkloads } from "../workloads/find";
import { infrastructureStack } from "./infrastructure";

/** Longest time that a cloud may take to give load balancers and volumes back, in milliseconds. */
const patience = 5 * 60_000;
/** Milliseconds between two looks. */
const lookEvery = 1000;

/**
 * Checks that the clusters may be deleted, before anything that runs on one of them is.
 * @throws PetrichorError CLUSTER_PROTECTED
 */
export async function requireDeletable(targets: readonly Target[]): Promise<void> {
  for (const target of targets) {
    if (!isCloud(target.cluster)) continue;
    const { stack, stackName, name } = target;
    const engine = await openStack(projectRoot, infrastructureStack(target), stack);
    const { resources = [] } = (await engine.exportState()).deployment;
    requireUnprotected({ environment: stack.environment, stack: stackName, cluster: name }, resources);
  }
}

/**
 * Deletes the infrastructure of a cluster after what the cloud gave to it: kept volumes of ours with their data, and whatever load balancer is
 * still going. What others left there isn't ours to delete.
 * @throws PetrichorError CLUSTER_NOT_EMPTY with the load balancers and volumes of others
 */
export async function removeInfrastructure(
  target: Target,
  options: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<OperationResult> {
  const kubectl = await kubectlFor(target);
  await deleteVolumes(kubectl, await findVolumes(kubectl, [], await findWorkloads(kubectl)), options.progress);
  requireEmpty(target.stackName, await whatStays(kubectl));
  return operate(await openStack(projectRoot, infrastructureStack(target), target.stack), "destroy", options);
}

async function whatStays(kubectl: Kubectl): Promise<readonly CloudBacked[]> {
  const deadline = Date.now() + patience;
  for (;;) {
    const list = ["get", "services,persistentvolumes", "--all-namespaces"];
    const { items } = await kubectl.json<{ items: CloudBacked[] }>(...list);
    if (!areGoing(items) || Date.now() > deadline) return items;
    await sleep(lookEvery);
  }
}
