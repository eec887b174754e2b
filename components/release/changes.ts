import type { Release, WorkloadRelease } from "../app/release";

/** One workload whose image differs between two releases. */
export interface ReleaseChange {
  readonly app: string;
  readonly workload: string;
  /** Digest that ran before; absent where the workload is new. */
  readonly before?: string;
  /** Digest that runs then; absent where the workload is gone. */
  readonly after?: string;
  /** What the image before was built from. */
  readonly revisionBefore?: string;
  /** What the image then is built from. */
  readonly revisionAfter?: string;
}

/** The workloads whose image differs, by app and name. */
export function releaseChanges(before: Release, after: Release): ReleaseChange[] {
  const names = new Set([...workloadNames(before), ...workloadNames(after)]);
  return [...names].sort().flatMap((name) => {
    const [app = "", workload = ""] = name.split("/");
    const change = changeOf(before.apps[app]?.[workload], after.apps[app]?.[workload]);
    return change === undefined ? [] : [{ app, workload, ...change }];
  });
}

/** The digest of an image reference. */
export function digestOf(image: string): string | undefined {
  return /@(sha256:[a-f0-9]{64})$/.exec(image)?.[1];
}

function workloadNames({ apps }: Release): string[] {
  return Object.entries(apps).flatMap(([app, workloads]) =>
    Object.keys(workloads).map((workload) => `${app}/${workload}`),
  );
}

function changeOf(
  before: WorkloadRelease | undefined,
  after: WorkloadRelease | undefined,
): Omit<ReleaseChange, "app" | "workload"> | undefined {
  const [from, to] = [before, after].map((entry) => (entry?.image === undefined ? undefined : digestOf(entry.image)));
  if (from === to) return undefined;
  return {
    ...(from === undefined ? {} : { before: from }),
    ...(to === undefined ? {} : { after: to }),
    ...(before?.source === undefined ? {} : { revisionBefore: before.source.revision }),
    ...(after?.source === undefined ? {} : { revisionAfter: after.source.revision }),
  };
}
