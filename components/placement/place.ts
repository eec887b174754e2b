import { createHash } from "node:crypto";
import { PetrichorError } from "../errors";

/** Which of the project's apps: all, those named, or all but those named. */
export type AppSelection = "all" | readonly string[] | { readonly except: readonly string[] };

/** A cluster as placement sees it. */
export interface Site {
  readonly name: string;
  /** Labels that rules choose by. */
  readonly labels: Readonly<Record<string, string>>;
  /** Apps that may run here. */
  readonly apps: AppSelection;
}

/** Where an app shall run. */
export interface PlacementRule {
  /** `all`: on every cluster that matches; `one`: on one of them. */
  readonly on: "all" | "one";
  /** Labels that a cluster must have. */
  readonly where: Readonly<Record<string, string>>;
}

export interface PlacementInput {
  readonly environment: string;
  /** Names of the project's apps. */
  readonly apps: readonly string[];
  /** Clusters of the environment, in the order of the stack file. */
  readonly sites: readonly Site[];
  /** Rules by app; an app without one runs on every cluster that takes it. */
  readonly rules: Readonly<Record<string, PlacementRule>>;
  /** App → clusters as the release file has them; the first is where its address leads. */
  readonly recorded: Readonly<Record<string, readonly string[]>>;
}

export interface Placements {
  /** App → clusters; the first is where its address leads. Apps that no cluster takes are left out. */
  readonly clusters: Readonly<Record<string, readonly string[]>>;
  /** Apps whose single cluster was chosen just now and is not in the release file yet. */
  readonly unrecorded: readonly string[];
  readonly errors: readonly PetrichorError[];
}

/** Decides where apps run. Pure: the same input gives the same answer, whatever the order of apps or clusters. */
export function place(input: PlacementInput): Placements {
  const decided = input.apps.map((app) => ({ app, ...placeOne(app, input) }));
  return {
    clusters: Object.fromEntries(
      decided.filter(({ clusters }) => clusters.length > 0).map(({ app, clusters }) => [app, clusters]),
    ),
    unrecorded: decided.filter(({ chosenNow }) => chosenNow).map(({ app }) => app),
    errors: decided.flatMap(({ error }) => error ?? []),
  };
}

/** The clusters that may run an app, in the order of the stack file. */
export function matchingClusters(app: string, { sites, rules }: Pick<PlacementInput, "sites" | "rules">): string[] {
  const { where } = rules[app] ?? everywhere;
  return sites.filter((site) => takes(site, app) && hasLabels(site, where)).map(({ name }) => name);
}

interface Decision {
  readonly clusters: readonly string[];
  readonly chosenNow: boolean;
  readonly error?: PetrichorError;
}

const nowhere: Decision = { clusters: [], chosenNow: false };

function placeOne(app: string, { environment, sites, rules, recorded }: PlacementInput): Decision {
  const rule = rules[app] ?? everywhere;
  const taking = sites.filter((site) => takes(site, app));
  if (taking.length === 0) return nowhere;
  const matching = matchingClusters(app, { sites, rules });
  if (matching.length === 0) return { ...nowhere, error: noCluster(app, environment, rule, taking) };
  if (rule.on === "all") return { clusters: matching, chosenNow: false };
  const known = recorded[app] ?? [];
  const stray = known.filter((name) => !matching.includes(name));
  if (stray.length > 0) return { ...nowhere, error: wouldMove(app, environment, stray, matching) };
  if (known.length > 0) return { clusters: known, chosenNow: false };
  return { clusters: [choose(app, matching)], chosenNow: matching.length > 1 };
}

function takes({ apps }: Site, app: string): boolean {
  if (apps === "all") return true;
  return "except" in apps ? !apps.except.includes(app) : apps.includes(app);
}

function hasLabels({ labels }: Site, where: Readonly<Record<string, string>>): boolean {
  return Object.entries(where).every(([key, value]) => labels[key] === value);
}

/** The cluster with the highest hash for this app: apps spread evenly, and another cluster takes over only what falls to it. */
function choose(app: string, clusters: readonly string[]): string {
  const score = (cluster: string): string => createHash("sha256").update(`${app}/${cluster}`).digest("hex");
  return clusters.reduce((best, cluster) => (score(cluster) > score(best) ? cluster : best));
}

function noCluster(
  app: string,
  environment: string,
  { where }: PlacementRule,
  taking: readonly Site[],
): PetrichorError {
  const wanted = Object.entries(where).map(([key, value]) => `${key}=${value}`);
  const there = taking.map(
    ({ name, labels }) =>
      `${name} (${Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(", ")})`,
  );
  return new PetrichorError(
    "PLACEMENT_NO_CLUSTER",
    `no cluster has the labels ${wanted.join(", ")} that its placement asks for.`,
    `The clusters are ${there.join("; ")}. Correct \`placement.${app}.where\`, or label a cluster.`,
    { stack: environment, app, field: `placement.${app}.where` },
  );
}

function wouldMove(app: string, environment: string, from: readonly string[], to: readonly string[]): PetrichorError {
  return new PetrichorError(
    "PLACEMENT_WOULD_MOVE",
    `it runs on ${from.join(", ")}, which its placement no longer allows.`,
    `Moving is a plan of steps: allow both clusters, run \`petrichor move ${app} --to ${to[0] ?? ""} ${environment}\`, then narrow the placement.`,
    { stack: environment, app, field: `placement.${app}` },
  );
}

const everywhere: PlacementRule = { on: "all", where: {} };
