import type { KubeObject } from "../../components/kube/object";
import { claimOf, placeOf } from "../../components/deploy/volumes";
import type { Kubectl } from "../kubectl";
import { table } from "../table";
import { fullName, type RunningWorkload } from "../workloads/find";
import { type OwnClaim, ownClaims } from "./claims";

/** A volume of ours, and whether anything still uses it. */
export interface Volume extends OwnClaim {
  /** `used` by a workload, or `kept` with its data after the workload, or the replica, went. */
  readonly state: "used" | "kept";
}

/**
 * Every volume of ours on a cluster.
 * @param wanted objects of the stack; a volume that is not among them is kept, unless a workload that the stack doesn't know runs with it
 * @param running every workload of ours that runs there
 */
export async function findVolumes(
  kubectl: Kubectl,
  wanted: readonly KubeObject[],
  running: readonly RunningWorkload[],
): Promise<Volume[]> {
  const claims = await ownClaims(kubectl);
  const asked = new Set(wanted.flatMap((object) => claimOf(object) ?? []).map(placeOf));
  const apps = new Set(wanted.map(({ metadata }) => metadata.labels?.["app.kubernetes.io/part-of"]));
  return claims.map((claim) => ({ ...claim, state: stateOf(claim, asked, apps, running) }));
}

function stateOf(
  claim: OwnClaim,
  asked: ReadonlySet<string>,
  apps: ReadonlySet<string | undefined>,
  running: readonly RunningWorkload[],
): Volume["state"] {
  if (asked.has(placeOf(claim))) return "used";
  const elsewhere = !apps.has(claim.app) && running.some((workload) => fullName(workload) === fullName(claim));
  return elsewhere ? "used" : "kept";
}

/** Volumes as people read them. */
export function volumeTable(volumes: readonly Volume[]): string {
  const rows = volumes.map((volume) => [
    fullName(volume),
    volume.name,
    volume.size,
    volume.storageClass ?? "",
    volume.state,
  ]);
  return table([["WORKLOAD", "VOLUME", "SIZE", "CLASS", "STATE"], ...rows]);
}

/** What `up` and `down` say of data that nothing uses any more; nothing where there is none. */
export function keptNotice(volumes: readonly Volume[], environment: string): string {
  const kept = volumes.filter(({ state }) => state === "kept");
  if (kept.length === 0) return "";
  const apps = [...new Set(kept.map(({ app }) => app))];
  const commands = apps.map((app) => `\`petrichor volumes delete ${app} -s ${environment}\``);
  return `${volumeTable(kept)}\n\nThis data is kept until you name it: ${commands.join(", ")}.\n`;
}
