import { checkClouds } from "../../components/cluster/check";
import { PetrichorError, throwAll } from "../../components/errors";
import { formatPath } from "../../components/input/path";
import { cloudsOf, type Stack, stackSchema } from "../stack";
import { engineProblems } from "./engines";
import { stackFile } from "./files";
import { located } from "./located";
import { readWritten } from "./modules";

/**
 * Reads and checks the file of an environment.
 * @throws PetrichorError STACK_UNKNOWN; STACK_INVALID, several at once as PetrichorErrors
 */
export function loadStack(root: string, environment: string): Stack {
  const file = stackFile(root, environment);
  const parsed = stackSchema.safeParse(readWritten(root, file, "STACK_INVALID"));
  if (parsed.success) {
    located(root, () => {
      const problems = [...checkClouds(environment, cloudsOf(parsed.data)), ...engineProblems(parsed.data)];
      throwAll(inFile(problems, environment));
    });
    return parsed.data;
  }
  return located(root, () => {
    const errors = parsed.error.issues.map(({ path, message }) => {
      const field = formatPath(path as (string | number)[]);
      return new PetrichorError("STACK_INVALID", `${field}: ${message}.`, "Correct the field.", { file, field });
    });
    throwAll(errors);
    throw parsed.error;
  });
}

/** Mistakes in a stack, with the file that they stand in. */
export function inFile(errors: readonly PetrichorError[], environment: string): PetrichorError[] {
  const file = `stacks/${environment}.ts`;
  return errors.map(({ code, message, fix, place }) => new PetrichorError(code, message, fix, { ...place, file }));
}
