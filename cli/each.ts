import { errorsOf, exitCode, PetrichorError, PetrichorErrors } from "../components/errors";
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
  const failed: Failure[] = [];
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
      if (!json) tell(failed);
    }
  }
  const [first] = failed;
  if (first === undefined) return outcomes;
  process.exitCode = exitCode(first.error);
  const pending = failed.map(({ target }) => target.stackName).join(", ");
  const rest = failed.length === targets.length ? "none is done" : "the rest is done";
  if (!json) process.stderr.write(`pending: ${pending}; ${rest}.\n`);
  return outcomes;
}

interface Failure {
  readonly target: Target;
  readonly error: PetrichorError | PetrichorErrors;
}

/** Tells the last of the failures; what another cluster failed with, word for word, isn't told again. */
function tell(failed: readonly Failure[]): void {
  const last = failed.at(-1);
  if (last === undefined) return;
  const count = errorsOf(last.error).length;
  const alike = failed.find(({ error }) => wording(error) === wording(last.error));
  if (alike === undefined || alike === last) {
    printError(last.error, false);
    return;
  }
  const same = count === 1 ? "the same error" : `the same ${count} errors`;
  process.stderr.write(`${last.target.stackName}: ${same} as ${alike.target.stackName}.\n`);
}

function wording(error: PetrichorError | PetrichorErrors): string {
  return errorsOf(error).map(String).join("\n");
}

function isKnown(error: unknown): error is PetrichorError | PetrichorErrors {
  return error instanceof PetrichorError || error instanceof PetrichorErrors;
}
