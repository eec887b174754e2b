import { PetrichorError, PetrichorErrors } from "../../components/errors";
import { type FieldPath, parsePath } from "../../components/input/path";
import { lineOf } from "./places";

/**
 * Does what may find mistakes in the project's files, and gives each mistake the line on which it stands.
 * @throws what `work` throws, with lines
 */
export function located<T>(root: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PetrichorErrors) throw new PetrichorErrors(error.errors.map((one) => withLine(root, one)));
    throw error instanceof PetrichorError ? withLine(root, error) : error;
  }
}

function withLine(root: string, error: PetrichorError): PetrichorError {
  const { place } = error;
  if (place.file === undefined || place.field === undefined || place.line !== undefined) return error;
  const line = lineOf(root, place.file, pathInFile(error));
  if (line === undefined) return error;
  return new PetrichorError(error.code, error.message, error.fix, { ...place, line }, { cause: error.cause });
}

/** Where the field stands in its file: messages name a workload's fields from the workload on. */
function pathInFile({ place }: PetrichorError): FieldPath {
  const path = parsePath(place.field ?? "");
  if (place.workload === undefined) return path;
  const inStack = place.file?.startsWith("stacks/") ?? false;
  return inStack ? ["overrides", place.app ?? "", place.workload, ...path] : ["workloads", place.workload, ...path];
}
