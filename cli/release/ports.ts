import type { Release } from "../../components/app/release";
import { loadApps } from "../../stacks/project";
import { isPlaced, placements } from "../../stacks/project/placement";
import { givePorts } from "../../stacks/project/ports";
import type { Stack } from "../../stacks/stack";
import { projectRoot } from "../clusters";

/**
 * The release with a port for every address that has an automatic one; ports of workloads that are gone rest.
 * @throws PetrichorError PORT_POOL_FULL
 */
export function recordPorts(stack: Stack, release: Release): Release {
  const definitions = loadApps(projectRoot);
  return givePorts(definitions.filter(isPlaced(placements(definitions, stack, release))), stack, release).release;
}

/** A port that one release gives and another doesn't. */
export interface PortChange {
  readonly app: string;
  readonly workload: string;
  /** Name of the workload's port. */
  readonly port: string;
  readonly before?: number;
  readonly after?: number;
}

/** The ports that differ between two releases. */
export function portChanges(before: Release, after: Release): PortChange[] {
  const [former, next] = [portsOf(before), portsOf(after)];
  return [...new Set([...former.keys(), ...next.keys()])].sort().flatMap((key) => {
    const [one, other] = [former.get(key), next.get(key)];
    if (one === other) return [];
    const [app = "", workload = "", port = ""] = key.split("/");
    return [
      {
        app,
        workload,
        port,
        ...(one === undefined ? {} : { before: one }),
        ...(other === undefined ? {} : { after: other }),
      },
    ];
  });
}

function portsOf({ apps }: Release): Map<string, number> {
  return new Map(
    Object.entries(apps).flatMap(([app, workloads]) =>
      Object.entries(workloads).flatMap(([workload, { ports = {} }]) =>
        Object.entries(ports).map(([port, number]) => [`${app}/${workload}/${port}`, number] as const),
      ),
    ),
  );
}
