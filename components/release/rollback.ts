import type { Release, WorkloadRelease } from "../app/release";
import { releaseChanges, type ReleaseChange } from "./changes";

export interface RollbackInput {
  readonly current: Release;
  /** The release to go back to. */
  readonly former: Release;
  /** Apps to take back. Default: all. */
  readonly apps?: readonly string[];
}

export interface Rollback {
  readonly release: Release;
  readonly changes: readonly ReleaseChange[];
  /** Workloads (`app/workload`) that the former release doesn't know; they stay as they are. */
  readonly kept: readonly string[];
}

/**
 * Takes images back to what a former release ran. Only digests and what they were built from go back: ports, placements and facts say how the
 * environment is now, and stay.
 */
export function planRollback({ current, former, apps: wanted }: RollbackInput): Rollback {
  const chosen = Object.entries(current.apps).filter(([app]) => wanted?.includes(app) ?? true);
  const kept = chosen.flatMap(([app, workloads]) =>
    Object.keys(workloads)
      .filter((workload) => former.apps[app]?.[workload]?.image === undefined)
      .map((workload) => `${app}/${workload}`),
  );
  const back = chosen.map(([app, workloads]): [string, Record<string, WorkloadRelease>] => [
    app,
    Object.fromEntries(
      Object.entries(workloads).map(([workload, entry]) => [workload, goBack(entry, former.apps[app]?.[workload])]),
    ),
  ]);
  const release = { ...current, apps: { ...current.apps, ...Object.fromEntries(back) } };
  return { release, changes: releaseChanges(current, release), kept };
}

function goBack(entry: WorkloadRelease, former: WorkloadRelease | undefined): WorkloadRelease {
  if (former?.image === undefined) return entry;
  const { ports } = entry;
  const { image, source } = former;
  return { ...(ports === undefined ? {} : { ports }), image, ...(source === undefined ? {} : { source }) };
}
