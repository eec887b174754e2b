import type { KubeObject } from "../kube/object";
import { parseQuantity } from "../kube/quantity";

/** What of a volume claim can't change, or only in one direction. */
export interface Claim {
  readonly namespace: string;
  readonly name: string;
  /** Quantity of its storage request, for example `20Gi`. */
  readonly size: string;
  readonly storageClass?: string;
}

/** A change to a volume that Kubernetes would refuse, or that would cost its data. */
export interface RefusedVolume {
  readonly claim: Claim;
  readonly code: "VOLUME_SHRINK" | "VOLUME_GROWTH_UNSUPPORTED" | "VOLUME_CLASS_FIXED";
  /** What is wrong, as the end of a sentence that begins with the volume's field. */
  readonly message: string;
  readonly fix: string;
}

/**
 * Compares claims with those that are on the cluster already. Pure.
 * @param grows whether a StorageClass lets its volumes grow
 */
export function refusedVolumes(
  wanted: readonly KubeObject[],
  existing: readonly Claim[],
  grows: (storageClass: string | undefined) => boolean,
): RefusedVolume[] {
  const before = new Map(existing.map((claim) => [placeOf(claim), claim]));
  return wanted.flatMap((object) => {
    const claim = claimOf(object);
    const found = claim === undefined ? undefined : before.get(placeOf(claim));
    if (claim === undefined || found === undefined) return [];
    return refusal(claim, found, grows) ?? [];
  });
}

function refusal(
  claim: Claim,
  found: Claim,
  grows: (storageClass: string | undefined) => boolean,
): RefusedVolume | undefined {
  const shown = (name: string | undefined): string => (name === undefined ? "the cluster's default" : `"${name}"`);
  if (
    claim.storageClass !== undefined &&
    found.storageClass !== undefined &&
    claim.storageClass !== found.storageClass
  ) {
    return {
      claim,
      code: "VOLUME_CLASS_FIXED",
      message: `would move the volume from the StorageClass ${shown(found.storageClass)} to ${shown(claim.storageClass)}, which would lose its data.`,
      fix: `Keep ${shown(found.storageClass)}, or add a volume under another name and copy the data.`,
    };
  }
  const [now, then] = [bytesOf(found.size), bytesOf(claim.size)];
  if (then < now) {
    return {
      claim,
      code: "VOLUME_SHRINK",
      message: `is ${claim.size}, but the volume has ${found.size} already, and a volume can't shrink.`,
      fix: `Write at least ${found.size}, or add a smaller volume under another name and copy the data.`,
    };
  }
  if (then > now && !grows(found.storageClass)) {
    return {
      claim,
      code: "VOLUME_GROWTH_UNSUPPORTED",
      message: `is ${claim.size}, but the volume has ${found.size}, and its StorageClass ${shown(found.storageClass)} can't grow volumes.`,
      fix: `Write ${found.size}, or add a volume of a class that can grow under another name and copy the data.`,
    };
  }
  return undefined;
}

/** A PersistentVolumeClaim as rendered, or nothing for any other object. */
export function claimOf({ kind, metadata, spec }: KubeObject): Claim | undefined {
  if (kind !== "PersistentVolumeClaim") return undefined;
  const { storageClassName, resources } = spec as {
    readonly storageClassName?: string;
    readonly resources: { readonly requests: { readonly storage: string } };
  };
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    size: resources.requests.storage,
    ...(storageClassName === undefined ? {} : { storageClass: storageClassName }),
  };
}

/** A claim's namespace and name: what tells it from every other. */
export function placeOf({ namespace, name }: Pick<Claim, "namespace" | "name">): string {
  return `${namespace}/${name}`;
}

/**
 * Bytes in a storage quantity of Kubernetes, in every form that the API server may answer in.
 * @throws RangeError for anything else
 */
export function bytesOf(quantity: string): number {
  const isStorage = /^\d+(?:\.\d+)?(?:e\d+)?(?:[kMGTPE]i?|Ki)?$/.test(quantity);
  if (!isStorage) throw new RangeError(`${quantity} is not a storage quantity`);
  return parseQuantity(quantity);
}
