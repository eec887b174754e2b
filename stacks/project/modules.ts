import { readFileSync } from "node:fs";
import path from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type { ErrorCode } from "../../components/error-codes";
import { PetrichorError, PetrichorErrors } from "../../components/errors";

/**
 * Reads what a person wrote in a TypeScript module (its default export) or in a YAML file.
 * @param file relative to the project
 * @throws PetrichorError of the given code, with file and line
 */
export function readWritten(root: string, file: string, code: ErrorCode): unknown {
  return file.endsWith(".ts") ? readModule(root, file, code) : readYaml(root, file, code);
}

function readModule(root: string, file: string, code: ErrorCode): unknown {
  const absolute = path.join(root, file);
  let exported: { default?: unknown };
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the file's name is known only now
    exported = require(absolute) as { default?: unknown };
  } catch (error) {
    if (error instanceof PetrichorError || error instanceof PetrichorErrors) throw error;
    const { message, line } = describe(error, absolute);
    throw new PetrichorError(code, `the file can't be loaded: ${message}.`, "Correct the file.", placed(file, line), {
      cause: error,
    });
  }
  if (exported.default !== undefined) return exported.default;
  throw new PetrichorError(code, "the file exports nothing.", "Write `export default …` before the definition.", {
    file,
  });
}

function readYaml(root: string, file: string, code: ErrorCode): unknown {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path.join(root, file), "utf8"), {
    lineCounter: lines,
    prettyErrors: false,
  });
  const [problem] = document.errors;
  if (problem === undefined) return document.toJS();
  const { line } = lines.linePos(problem.pos[0]);
  const message = `the file is not YAML: ${problem.message}.`;
  throw new PetrichorError(code, message, "Correct the file.", placed(file, line), { cause: problem });
}

/** What esbuild says of a file that it can't compile. */
interface CompileError {
  readonly errors: readonly { readonly text: string; readonly location: { readonly line: number } | null }[];
}

/** The heart of an error that came up while a module was loaded, and the line of that module where it did. */
function describe(error: unknown, file: string): { message: string; line: number | undefined } {
  if (isCompileError(error)) {
    const [first] = error.errors;
    return { message: first?.text ?? "it does not compile", line: first?.location?.line };
  }
  if (!(error instanceof Error)) return { message: String(error), line: undefined };
  const [message = ""] = error.message.split("\n");
  return { message: message.replace(/\.$/, ""), line: lineInStack(error, file) };
}

function isCompileError(error: unknown): error is CompileError {
  return typeof error === "object" && error !== null && "errors" in error && Array.isArray(error.errors);
}

function lineInStack(error: Error, file: string): number | undefined {
  const stack = error.stack ?? "";
  const start = stack.indexOf(`${file}:`);
  if (start === -1) return undefined;
  const line = /^\d+/.exec(stack.slice(start + file.length + 1));
  return line === null ? undefined : Number(line[0]);
}

function placed(file: string, line: number | undefined): { file: string; line?: number } {
  return line === undefined ? { file } : { file, line };
}
