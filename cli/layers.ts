import { Option } from "commander";
import { PetrichorError } from "../components/errors";
import { isCloud } from "../stacks/stack";
import type { Target } from "./clusters";

/** The parts of an environment that a command works on. */
export type LayerChoice = "infrastructure" | "apps" | "all";

/** `--layer`: absent where a person leaves the choice to the command. */
export function layerOption(): Option {
  return new Option("--layer <layer>", "the clusters themselves, what runs on them, or both (default: both)").choices([
    "infrastructure",
    "apps",
    "all",
  ]);
}

/**
 * The clusters that a choice of layers leaves to work on.
 * @throws PetrichorError INFRASTRUCTURE_NONE where the infrastructure alone is asked for, and none is ours
 */
export function ofLayer(targets: readonly Target[], layer: LayerChoice | undefined): readonly Target[] {
  if (layer !== "infrastructure") return targets;
  const clouds = targets.filter(({ cluster }) => isCloud(cluster));
  if (clouds.length > 0) return clouds;
  throw new PetrichorError(
    "INFRASTRUCTURE_NONE",
    `no cluster of ${targets.map(({ stackName }) => stackName).join(", ")} has infrastructure of ours.`,
    "Leave --layer away, or name an environment with a cluster in a cloud.",
  );
}
