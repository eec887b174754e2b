import type { Release, WorkloadRelease } from "../app/release";
import { PetrichorError } from "../errors";
import { closest } from "../input/suggest";
import { digestOf, releaseChanges, type ReleaseChange } from "./changes";
import { imageIn, type ReleasedImage, relocated } from "./registries";

/** A workload as it was seen running on a cluster. */
export interface RunningImage {
  readonly app: string;
  readonly workload: string;
  /** Name of the cluster, for messages. */
  readonly cluster: string;
  readonly image: string;
  /** Pods that are ready. */
  readonly ready: number;
  /** Pods that should be. */
  readonly wanted: number;
}

export interface PromotionInput {
  readonly from: {
    readonly environment: string;
    readonly release: Release;
    /** What runs there, on every cluster that could be asked. */
    readonly running: readonly RunningImage[];
    /** Registries of its clusters. */
    readonly registries: readonly string[];
  };
  readonly to: {
    readonly environment: string;
    readonly release: Release;
    /** Registry that its release file names images in: that of its first cluster. */
    readonly registry: string;
  };
  /** Apps to promote. Default: all. */
  readonly apps?: readonly string[];
}

export interface Promotion {
  /** The release file of the target as it shall be. */
  readonly release: Release;
  /** What that changes. Empty: the target has it all already. */
  readonly changes: readonly ReleaseChange[];
  /** Images that the registries of the target need. */
  readonly images: readonly ReleasedImage[];
}

/**
 * Moves digests from one environment's release to another's. Nothing is built, no tag is looked at: what was proved in the first environment
 * is, byte by byte, what runs in the second. Ports, placements and facts of the target stay.
 *
 * @returns errors instead where the source doesn't run what its release says, or doesn't run it well
 */
export function planPromotion(input: PromotionInput): Promotion | readonly PetrichorError[] {
  const { from, to } = input;
  const unknown = (input.apps ?? []).filter((app) => from.release.apps[app] === undefined);
  if (unknown.length > 0)
    return unknown.map((app) => unknownApp(app, from.environment, Object.keys(from.release.apps)));
  const chosen = Object.entries(from.release.apps)
    .filter(([app]) => input.apps?.includes(app) ?? true)
    .flatMap(([app, workloads]) =>
      Object.entries(workloads).map(([workload, entry]): Entry => ({ app, workload, entry })),
    );
  const errors = chosen.flatMap((entry) => provedErrors(entry, input));
  if (errors.length > 0) return errors;
  const release = merge(to.release, chosen, from.registries, to.registry);
  return {
    release,
    changes: releaseChanges(to.release, release),
    images: chosen.flatMap(({ entry }) =>
      entry.image === undefined ? [] : (imageIn(from.registries, entry.image) ?? []),
    ),
  };
}

interface Entry {
  readonly app: string;
  readonly workload: string;
  readonly entry: WorkloadRelease;
}

function merge(target: Release, chosen: readonly Entry[], from: readonly string[], to: string): Release {
  const apps = structuredClone(target.apps);
  for (const { app, workload, entry } of chosen) {
    const { image, source } = relocated(entry, from, to);
    const kept = apps[app]?.[workload];
    (apps[app] ??= {})[workload] = {
      ...(kept?.ports === undefined ? {} : { ports: kept.ports }),
      ...(image === undefined ? {} : { image }),
      ...(source === undefined ? {} : { source }),
    };
  }
  return { ...target, apps };
}

/** Why a workload can't be promoted: it doesn't run the digest of its release, or not every pod is ready. */
function provedErrors({ app, workload, entry }: Entry, { from, to }: PromotionInput): PetrichorError[] {
  const place = { stack: from.environment, app, workload };
  const digest = entry.image === undefined ? undefined : digestOf(entry.image);
  if (digest === undefined) return [];
  const seen = from.running.filter((one) => one.app === app && one.workload === workload);
  if (seen.length === 0) {
    return [
      new PetrichorError(
        "PROMOTION_NOT_RUNNING",
        `${short(digest)} runs nowhere in ${from.environment}, so nothing proves that it works.`,
        `Run \`petrichor up ${from.environment}\`, look at it, then promote to ${to.environment}.`,
        place,
      ),
    ];
  }
  return seen.flatMap((one) => {
    const running = digestOf(one.image);
    if (running !== digest) {
      return [
        new PetrichorError(
          "PROMOTION_NOT_RUNNING",
          `the release file says ${short(digest)}, but ${one.cluster} runs ${running === undefined ? one.image : short(running)}.`,
          `Run \`petrichor up ${from.environment}\`, look at it, then promote to ${to.environment}.`,
          place,
        ),
      ];
    }
    if (one.ready >= one.wanted) return [];
    return [
      new PetrichorError(
        "PROMOTION_UNHEALTHY",
        `${one.ready} of ${one.wanted} pods are ready on ${one.cluster}.`,
        `Find out why (\`petrichor logs ${app}/${workload} ${from.environment}\`) and promote when it is well.`,
        place,
      ),
    ];
  });
}

function unknownApp(app: string, environment: string, known: readonly string[]): PetrichorError {
  const meant = closest(app, known);
  return new PetrichorError(
    "APP_UNKNOWN",
    `the release of ${environment} holds no app "${app}".${meant === undefined ? "" : ` Did you mean "${meant}"?`}`,
    known.length === 0 ? `Nothing was built for ${environment} yet.` : `Take one of: ${known.join(", ")}.`,
  );
}

/** The beginning of a digest, enough for people. */
function short(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}
