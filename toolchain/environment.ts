import { dirname } from "node:path";
import { locate } from "./locate";
import type { ToolName } from "./tools";

/** The tools that Pulumi finds on PATH. A plugin on PATH beats an installed one, so each is put there by itself. */
export const pulumiTools = [
  "pulumi",
  "pulumi-journal",
  "pulumi-language-nodejs",
  "pulumi-resource-kubernetes",
] as const satisfies readonly ToolName[];

/**
 * The folders to put before PATH so that `pulumi` and its plugins are found: those of ours whose official one is absent.
 * Empty on a machine that has the official ones. Tools must have been made: see `ensureTools(pulumiTools, …)`.
 */
export async function pulumiEnvironment(): Promise<{ readonly path: readonly string[] }> {
  const states = await Promise.all(pulumiTools.map(locate));
  const path = states.flatMap((state) =>
    state.state === "built" ? [...state.paths.values()].map((file) => dirname(file)) : [],
  );
  return { path: [...new Set(path)] };
}
