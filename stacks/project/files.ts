import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { PetrichorError } from "../../components/errors";
import { closest } from "../../components/input/suggest";

/** The modules of `stacks/` that are not a stack. */
const notStacks = new Set(["connect.ts", "infrastructure.ts", "project.ts", "stack.ts"]);

/** Names of the project's environments, in alphabetical order. */
export function environmentNames(root: string): string[] {
  return readdirSync(path.join(root, "stacks"), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !notStacks.has(entry.name))
    .map(({ name }) => name.slice(0, -".ts".length))
    .sort();
}

/**
 * The file of an environment, relative to the project.
 * @throws PetrichorError STACK_UNKNOWN
 */
export function stackFile(root: string, environment: string): string {
  const known = environmentNames(root);
  if (known.includes(environment)) return path.join("stacks", `${environment}.ts`);
  throw unknownStack(environment, known);
}

/** The error for a name that is no stack, with the one that was most likely meant. */
export function unknownStack(name: string, known: readonly string[]): PetrichorError {
  const meant = closest(name, known);
  return new PetrichorError(
    "STACK_UNKNOWN",
    `there is no stack "${name}".${meant === undefined ? "" : ` Did you mean "${meant}"?`}`,
    `Take one of: ${known.join(", ")}. A new environment is a new file in stacks/.`,
  );
}

/** The app files of the project, `apps/<name>/app.ts` or `app.yaml`, relative to it and in alphabetical order. */
export function appFiles(root: string): string[] {
  const folder = path.join(root, "apps");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => ["app.ts", "app.yaml"].map((file) => path.join("apps", name, file)))
    .filter((file) => existsSync(path.join(root, file)))
    .sort();
}
