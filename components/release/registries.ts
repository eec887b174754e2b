import type { Release, WorkloadRelease } from "../app/release";

/** An image that a release names, apart from the registry that holds it. */
export interface ReleasedImage {
  /** Name in the registry, for example `shop/web`. */
  readonly name: string;
  readonly digest: string;
}

/** The name and digest of an image in one of these registries; undefined for an image from elsewhere. */
export function imageIn(registries: readonly string[], image: string): ReleasedImage | undefined {
  const registry = registries.find((one) => image.startsWith(`${one}/`));
  const [, name, digest] = /^(.+)@(sha256:[a-f0-9]{64})$/.exec(image.slice((registry ?? "").length + 1)) ?? [];
  return registry === undefined || name === undefined || digest === undefined ? undefined : { name, digest };
}

/**
 * A release as one cluster reads it: images that lie in any registry of the environment come from the cluster's own. The digest is the same
 * everywhere, so it is the same image.
 *
 * @param from registries of the environment's clusters
 * @param to the cluster's own registry
 */
export function inRegistry(release: Release, from: readonly string[], to: string): Release {
  return { ...release, apps: mapWorkloads(release.apps, (entry) => relocated(entry, from, to)) };
}

/** `inRegistry` for one workload. */
export function relocated(entry: WorkloadRelease, from: readonly string[], to: string): WorkloadRelease {
  const image = entry.image === undefined ? undefined : imageIn(from, entry.image);
  return image === undefined ? entry : { ...entry, image: `${to}/${image.name}@${image.digest}` };
}

function mapWorkloads(apps: Release["apps"], change: (entry: WorkloadRelease) => WorkloadRelease): Release["apps"] {
  return Object.fromEntries(
    Object.entries(apps).map(([app, workloads]) => [
      app,
      Object.fromEntries(Object.entries(workloads).map(([name, entry]) => [name, change(entry)])),
    ]),
  );
}
