import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Replaces a file in one step, readable by its owner alone: a reader never sees half of it. */
export async function writePrivate(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.next`, text, { mode: 0o600 });
  await rename(`${file}.next`, file);
}

export function writeJson(file: string, value: unknown): Promise<void> {
  return writePrivate(file, JSON.stringify(value, undefined, 2) + "\n");
}

/** What `writeJson` wrote, or undefined when there is no such file. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Runs a program with a text as its standard input. */
export async function runWithInput(program: string, args: readonly string[], input: string): Promise<void> {
  const child = spawn(program, args, { stdio: ["pipe", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${complaint.trim()}`);
}

/** Whether a file operation failed because there is no such file. */
export function isMissing(error: unknown): boolean {
  // Not by `instanceof`: an error of the runtime's own is no Error of the realm that tests run in.
  return typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT";
}
