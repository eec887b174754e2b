import { PetrichorError, PetrichorErrors } from "../components/errors";
import { colorsFor } from "./progress";

/** Says what went wrong: on standard error for people, as JSON on standard output for machines. */
export function printError(error: unknown, json: boolean): void {
  const known = knownErrors(error);
  if (json) {
    const errors = known?.map(({ code, message, fix, place }) => ({ code, message, fix, place }));
    process.stdout.write(
      `${JSON.stringify({ errors: errors ?? [{ code: "UNEXPECTED", message: String(error) }] }, null, 2)}\n`,
    );
    return;
  }
  const colors = colorsFor(process.stderr);
  if (known === undefined) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${colors.red("This should not have happened:")} ${detail}\n`);
    return;
  }
  for (const one of known) process.stderr.write(`${colors.red("error:")} ${one.toString()}\n`);
}

function knownErrors(error: unknown): readonly PetrichorError[] | undefined {
  if (error instanceof PetrichorErrors) return error.errors;
  return error instanceof PetrichorError ? [error] : undefined;
}
