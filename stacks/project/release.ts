import { existsSync } from "node:fs";
import path from "node:path";
import { emptyRelease, type Release, releaseSchema } from "../../components/app/release";
import { PetrichorError } from "../../components/errors";
import { formatPath } from "../../components/input/path";
import { machineState } from "../../components/machine";
import type { Stack } from "../stack";
import { readWritten } from "./modules";

/**
 * The release file of a stack: in the project, where it is reviewed; that of a stack whose clusters are all this machine's own
 * lies in the machine's state folder, for nobody else can use its digests.
 */
export function releaseFile(root: string, stack: Stack): string {
  const own = isMachinesOwn(stack);
  return path.join(own ? machineState() : root, "releases", `${stack.environment}.yaml`);
}

/** Whether everything of a stack is on this machine. */
export function isMachinesOwn({ clusters }: Stack): boolean {
  return Object.values(clusters).every(({ kind }) => kind === "embedded");
}

/** Whether `up` writes the release file of a stack: where it builds what runs there, on this machine. Elsewhere it is reviewed. */
export function completesItself(stack: Stack): boolean {
  return isMachinesOwn(stack) && stack.images === "built";
}

/**
 * Reads a release file; one that was never written is empty.
 * @throws PetrichorError RELEASE_INVALID
 */
export function readRelease(root: string, stack: Stack): Release {
  const file = releaseFile(root, stack);
  if (!existsSync(file)) return emptyRelease;
  const shown = path.relative(root, file);
  const parsed = releaseSchema.safeParse(readWritten(root, shown, "RELEASE_INVALID"));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = formatPath((issue?.path ?? []) as (string | number)[]);
  throw new PetrichorError(
    "RELEASE_INVALID",
    `${field}: ${issue?.message ?? "the file breaks the schema"}.`,
    "Let commands write the file (`petrichor up`, `lock`, `promote`, `rollback`), not people.",
    { file: shown, field },
  );
}
