import { PetrichorError } from "../errors";

/** The parts of objects that tell whether something in the cloud hangs from a cluster. */
export interface CloudBacked {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly deletionTimestamp?: string };
  readonly spec?: {
    readonly type?: string;
    readonly persistentVolumeReclaimPolicy?: string;
  };
  readonly status?: { readonly phase?: string };
}

/** Load balancers and volumes that the cloud would keep, and bill, when the cluster is deleted before they are. */
export function leftovers(objects: readonly CloudBacked[]): string[] {
  return objects
    .filter(isLeftover)
    .map(
      ({ kind, metadata: { name, namespace } }) => `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`,
    );
}

/** Whether the cloud is still at work on giving something back. */
export function areGoing(objects: readonly CloudBacked[]): boolean {
  return objects
    .filter(isLeftover)
    .some(({ metadata, status }) => metadata.deletionTimestamp !== undefined || status?.phase === "Released");
}

/**
 * Checks that nothing in the cloud hangs from a cluster any more.
 * @throws PetrichorError CLUSTER_NOT_EMPTY
 */
export function requireEmpty(stack: string, objects: readonly CloudBacked[]): void {
  const left = leftovers(objects);
  if (left.length === 0) return;
  const shown = left.slice(0, 10).join(", ") + (left.length > 10 ? ` and ${left.length - 10} more` : "");
  throw new PetrichorError(
    "CLUSTER_NOT_EMPTY",
    `load balancers or volumes of the cluster would stay behind in the cloud: ${shown}.`,
    "Delete them first (volumes hold data: back up what you need), then run the command again.",
    { stack },
  );
}

/**
 * Checks that the infrastructure of a cluster may be deleted, before anything that runs there is.
 * @param resources those that the engine knows of it
 * @throws PetrichorError CLUSTER_PROTECTED
 */
export function requireUnprotected(
  { environment, stack, cluster }: { readonly environment: string; readonly stack: string; readonly cluster: string },
  resources: readonly { readonly protect?: boolean }[],
): void {
  if (!resources.some(({ protect }) => protect === true)) return;
  throw new PetrichorError(
    "CLUSTER_PROTECTED",
    `the cluster "${cluster}", its keys and its data are protected from deletion; nothing was taken away.`,
    `Set \`deletionProtection: false\` in stacks/${environment}.ts, run \`petrichor up ${stack} --layer infrastructure\`, then try again.`,
    { stack },
  );
}

function isLeftover({ kind, spec }: CloudBacked): boolean {
  // A volume with the policy Retain was meant to outlive its cluster.
  return (
    (kind === "Service" && spec?.type === "LoadBalancer") ||
    (kind === "PersistentVolume" && spec?.persistentVolumeReclaimPolicy !== "Retain")
  );
}
