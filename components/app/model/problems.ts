import type { ErrorCode } from "../../error-codes";
import { PetrichorError } from "../../errors";
import type { Problem } from "../../input/issues";
import { type FieldPath, formatPath } from "../../input/path";
import { valueAt } from "./layers";
import { type SourcedDefinition, type StackInput, stackFile } from "./input";

/** Who a problem is about. */
export interface Subject {
  readonly source: SourcedDefinition;
  readonly app: string;
  readonly workload?: string;
}

/** Collects everything that is wrong, so that it is reported at once. */
export class Problems {
  readonly errors: PetrichorError[] = [];

  constructor(private readonly stack: StackInput) {}

  add(subject: Subject, problem: Problem): void {
    const { app, workload } = subject;
    this.errors.push(
      new PetrichorError(problem.code, problem.message, problem.fix, {
        file: this.fileOf(subject, problem.path),
        app,
        ...(workload === undefined ? {} : { workload }),
        field: formatPath(problem.path),
      }),
    );
  }

  /** A problem of the stack file itself. */
  addToStack(found: Problem): void {
    this.errors.push(
      new PetrichorError(found.code, found.message, found.fix, {
        file: stackFile(this.stack),
        field: formatPath(found.path),
      }),
    );
  }

  /** The file whose value counts: the stack's where it overrides the field, else the app's own. */
  private fileOf({ source, app, workload }: Subject, path: FieldPath): string {
    const overridden = workload !== undefined && valueAt(this.stack.overrides, [app, workload, ...path]) !== undefined;
    return overridden ? stackFile(this.stack) : source.file;
  }
}

export function problem(code: ErrorCode, path: FieldPath, message: string, fix: string): Problem {
  return { code, path, message, fix };
}
