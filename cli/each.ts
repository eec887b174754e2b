import { exitCode, PetrichorError, PetrichorErrors } from "../components/errors";
import type { Target } from "./clusters";
import { printError } from "./failure";

/** What came of one cluster. */
export type Outcome =
  | ({ readonly stack: string } & object)
  /** Nothing was done, or not all of it; the next run completes it. */
  | {
      readonly stack: string;
      readonly pending: readonly { readonly code: string; readonly message: string; readonly fix: string }[];
    };

/**
 * Does work on every cluster of an environment. One that can't be reached or fails doesn't keep the others waiting: its error is told, the rest
 * goes through, and the process ends with the exit code of the first error.
 * A failure of the only cluster is thrown, and so is a fault in Petrichor.
 */
export async function onEach(
  targets: readonly Target[],
  json: boolean,
  work: (target: Target) => Promise<object>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const failed: { readonly target: Target; readonly error: PetrichorError | PetrichorErrors }[] = [];
  for (const target of targets) {
    try {
      outcomes.push({ stack: target.stackName, ...(await work(target)) });
    } catch (error) {
      if (targets.length === 1 || !isKnown(error)) throw error;
      failed.push({ target, error });
      outcomes.push({
        stack: target.stackName,
        pending: errorsOf(error).map(({ code, message, fix }) => ({ code, message, fix })),
      });
      if (!json) printError(error, false);
    }
  }
  const [first] = failed;
  if (first === undefined) return outcomes;
  process.exitCode = exitCode(first.error);
  if (!json)
    process.stderr.write(`pending: ${failed.map(({ target }) => target.stackName).join(", ")}; the rest is done.\n`);
  return outcomes;
}

function isKnown(error: unknown): error is PetrichorError | PetrichorErrors {
  return error instanceof PetrichorError || error instanceof PetrichorErrors;
}

function errorsOf(error: PetrichorError | PetrichorErrors): readonly PetrichorError[] {
  return error instanceof PetrichorErrors ? error.errors : [error];
}
