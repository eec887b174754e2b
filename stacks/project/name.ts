import type { Stack } from "../stack";

/** What a Pulumi stack holds: the cloud's own resources, or what runs on a cluster. */
export type Layer = "infra" | "apps";

/** A Pulumi stack's name taken apart: `<environment>[.<cluster>][.infra]`. */
export interface StackName {
  readonly environment: string;
  /** Absent where the environment has one cluster. */
  readonly cluster?: string;
  readonly layer: Layer;
}

/** Takes a Pulumi stack's name apart: `dev.aws-eu.infra` is the infrastructure of cluster `aws-eu` in `dev`. */
export function parseStackName(name: string): StackName {
  const [environment = "", ...rest] = name.split(".");
  const layer = rest.at(-1) === "infra" ? "infra" : "apps";
  const cluster = layer === "infra" ? rest.slice(0, -1).join(".") : rest.join(".");
  return { environment, ...(cluster === "" ? {} : { cluster }), layer };
}

/** The names of an environment's Pulumi stacks of one layer, one per cluster, in the order of the file. */
export function stackNames(stack: Pick<Stack, "environment" | "clusters">, layer: Layer): string[] {
  const names = Object.keys(stack.clusters);
  const suffix = layer === "infra" ? ".infra" : "";
  return names.map((cluster) => `${stack.environment}${names.length === 1 ? "" : `.${cluster}`}${suffix}`);
}
