import type { SourcedDefinition } from "../../components/app/model/input";
import type { Release } from "../../components/app/release";
import { PetrichorError } from "../../components/errors";
import { closest } from "../../components/input/suggest";
import {
  type AppSelection,
  place,
  type PlacementInput,
  type Placements,
  type Site,
} from "../../components/placement/place";
import type { Stack } from "../stack";

/**
 * Where every app of the project runs in an environment.
 * @throws PetrichorError APP_UNKNOWN when the stack names an app that the project lacks
 */
export function placements(definitions: readonly SourcedDefinition[], stack: Stack, release: Release): Placements {
  return place(placementInput(definitions, stack, release));
}

/**
 * Everything that decides where apps run.
 * @throws PetrichorError APP_UNKNOWN
 */
export function placementInput(
  definitions: readonly SourcedDefinition[],
  stack: Stack,
  release: Release,
): PlacementInput {
  const apps = definitions.map(nameOf);
  // Of two apps with one name either may be the one that the stack means; whoever reads the apps says so.
  if (new Set(apps).size === apps.length) refuseUnknown(apps, stack);
  return {
    environment: stack.environment,
    apps,
    sites: Object.entries(stack.clusters).map(([name, cluster]): Site => {
      const { kind, labels } = cluster;
      return { name, labels: { ...labels, name, kind }, apps: cluster.apps ?? stack.apps };
    }),
    rules: stack.placement,
    recorded: release.placements,
  };
}

/** The apps that run on one cluster. */
export function placedOn(
  definitions: readonly SourcedDefinition[],
  { clusters }: Placements,
  cluster: string,
): SourcedDefinition[] {
  return definitions.filter((definition) => clusters[nameOf(definition)]?.includes(cluster) ?? false);
}

/** Whether an app runs on any cluster. */
export function isPlaced({ clusters }: Placements): (definition: SourcedDefinition) => boolean {
  return (definition) => (clusters[nameOf(definition)] ?? []).length > 0;
}

/** The name an app gives itself; the folder's name while it gives none. */
export function nameOf({ file, definition }: SourcedDefinition): string {
  const named = definition as { readonly name?: unknown } | null;
  return typeof named?.name === "string" ? named.name : (file.split("/").at(-2) ?? file);
}

/** The names of an app's workloads, as they were written. */
export function workloadNamesOf({ definition }: SourcedDefinition): readonly string[] {
  const { workloads = {} } = definition as { readonly workloads?: object };
  return Object.keys(workloads);
}

/** Everything in the stack file that names an app, with the field that does. */
function refuseUnknown(known: readonly string[], stack: Stack): void {
  const lists = [
    { field: "apps", apps: stack.apps },
    ...Object.entries(stack.clusters).map(([name, { apps }]) => ({
      field: `clusters.${name}.apps`,
      apps: apps ?? ("all" as const),
    })),
  ];
  const listed = lists.flatMap(({ field, apps }) => namedBy(apps).map((name) => [field, name] as const));
  const ruled = Object.keys(stack.placement).map((name) => [`placement.${name}`, name] as const);
  const unknown = [...listed, ...ruled].find(([, name]) => !known.includes(name));
  if (unknown === undefined) return;
  const [field, name] = unknown;
  const meant = closest(name, known);
  throw new PetrichorError(
    "APP_UNKNOWN",
    `the stack names the app "${name}", which the project lacks.${meant === undefined ? "" : ` Did you mean "${meant}"?`}`,
    `Take one of: ${known.join(", ")}.`,
    { file: `stacks/${stack.environment}.ts`, field },
  );
}

function namedBy(apps: AppSelection): readonly string[] {
  if (apps === "all") return [];
  return "except" in apps ? apps.except : apps;
}
