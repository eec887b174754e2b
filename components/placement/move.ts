import { PetrichorError } from "../errors";

/** One step of moving an app; each leaves the app serving. */
export type MoveStep =
  /** Run the app on both clusters; its address still leads to the old one. */
  | { readonly action: "create"; readonly cluster: string; readonly placement: readonly string[] }
  /** Wait until every workload is ready on the new cluster. */
  | { readonly action: "check"; readonly cluster: string }
  /** Let the address lead to the new cluster. */
  | { readonly action: "switch"; readonly cluster: string; readonly placement: readonly string[] }
  /** Wait until nobody remembers the old address, then take the app away from the old cluster. */
  | { readonly action: "drain"; readonly cluster: string; readonly placement: readonly string[] };

export interface MoveInput {
  readonly environment: string;
  readonly app: string;
  /** Clusters the app runs on now, the first being where its address leads. */
  readonly current: readonly string[];
  /** Cluster to move to. */
  readonly to: string;
  /** Clusters that may take the app. */
  readonly allowed: readonly string[];
  /** Workloads of the app that keep data in volumes. */
  readonly stateful: readonly string[];
}

/**
 * The steps that are left to move an app. A move that was interrupted goes on where it stopped: the state is in the release file, not in a
 * process. Empty when the app is there already.
 *
 * @throws PetrichorError MOVE_IMPOSSIBLE
 */
export function planMove(input: MoveInput): MoveStep[] {
  const { app, current, to } = input;
  refuse(input);
  const [primary] = current;
  const from = current.find((cluster) => cluster !== to);
  if (primary === undefined || from === undefined) return [];
  const both: MoveStep[] = [
    { action: "create", cluster: to, placement: [from, to] },
    { action: "check", cluster: to },
  ];
  if (current.length > 2)
    throw impossible(input, `it runs on ${current.join(", ")} at once`, `Move \`${app}\` off one of them first.`);
  const created = current.includes(to);
  const switched = created && primary === to;
  return [
    // Checked again after an interruption: what was ready then may not be now.
    ...(created ? both.slice(1) : both),
    ...(switched ? [] : [{ action: "switch", cluster: to, placement: [to, from] } as const]),
    { action: "drain", cluster: from, placement: [to] },
  ];
}

function refuse(input: MoveInput): void {
  const { app, current, to, allowed, stateful } = input;
  if (current.length === 0) throw impossible(input, "it runs nowhere", `Run \`petrichor up\` first.`);
  if (!allowed.includes(to)) {
    throw impossible(
      input,
      `its placement doesn't allow the cluster "${to}"`,
      `Choose one of ${allowed.join(", ")}, or change \`placement.${app}\`.`,
    );
  }
  if (stateful.length > 0 && !(current.length === 1 && current[0] === to)) {
    throw impossible(
      input,
      `${stateful.map((name) => `"${name}"`).join(", ")} keeps data in volumes, which stay behind`,
      "Back it up, restore it on the new cluster, and place it there; only apps without volumes are moved while they serve.",
    );
  }
}

function impossible({ app, environment }: MoveInput, what: string, fix: string): PetrichorError {
  return new PetrichorError("MOVE_IMPOSSIBLE", `it can't be moved: ${what}.`, fix, { stack: environment, app });
}
