import { codes, type ErrorCode } from "./error-codes";

/** Where a mistake stands. Every field is optional; what is known is printed. */
export interface Place {
  /** File, relative to the project folder. */
  readonly file?: string;
  /** Line in that file, from 1. */
  readonly line?: number;
  readonly stack?: string;
  readonly app?: string;
  readonly workload?: string;
  /** Path of the field as the author wrote it, for example `scale.min`. */
  readonly field?: string;
}

/**
 * The one error a person sees: what is wrong, where, and what to do about it.
 *
 * `message` is a whole sentence that names the offending value; `fix` is an imperative sentence. Neither may hold a secret.
 */
export class PetrichorError extends Error {
  override readonly name = "PetrichorError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly fix: string,
    readonly place: Place = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The text shown on a terminal, for example `apps/shop/app.ts:12: app "shop", workload "web": scale.min (5) is above … [SCALE_RANGE]`. */
  override toString(): string {
    // What another program said may have several lines; what to do stands apart from them.
    const space = this.message.includes("\n") ? "\n" : " ";
    return `${placeText(this.place)}${this.message.trimEnd()}${space}${this.fix} [${this.code}]`;
  }
}

/** Everything found wrong in one go, so that a person corrects it in one go. */
export class PetrichorErrors extends Error {
  override readonly name = "PetrichorErrors";

  constructor(readonly errors: readonly PetrichorError[]) {
    super(errors.map(String).join("\n"));
  }
}

/** Throws nothing for an empty list, the error itself for one, and all of them together for more. */
export function throwAll(errors: readonly PetrichorError[]): void {
  const [first, ...rest] = errors;
  if (first === undefined) return;
  throw rest.length === 0 ? first : new PetrichorErrors(errors);
}

/**
 * The errors that were thrown, each by itself.
 * @throws what is no error of ours: a fault in Petrichor
 */
export function errorsOf(thrown: unknown): readonly PetrichorError[] {
  if (thrown instanceof PetrichorErrors) return thrown.errors;
  if (thrown instanceof PetrichorError) return [thrown];
  throw thrown;
}

/** The process exit code that belongs to an error; see `docs/reference/errors.md`. Unknown errors are 1. */
export function exitCode(error: unknown): number {
  if (error instanceof PetrichorErrors) return exitCode(error.errors[0]);
  return error instanceof PetrichorError ? codes[error.code].exit : 1;
}

function placeText(place: Place): string {
  const file = place.file === undefined ? "" : `${place.file}${place.line === undefined ? "" : `:${place.line}`}: `;
  const names = (["stack", "app", "workload"] as const)
    .filter((key) => place[key] !== undefined)
    .map((key) => `${key} "${place[key] ?? ""}"`);
  return file + (names.length === 0 ? "" : `${names.join(", ")}: `);
}
