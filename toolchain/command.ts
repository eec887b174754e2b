import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { finished } from "node:stream/promises";

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** File that gets everything the command prints; appended to. */
  readonly log: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with each whole line that the command prints. */
  readonly onLine?: (line: string) => void;
}

/** A command that ended otherwise than with exit code 0. */
export class CommandError extends Error {
  override readonly name = "CommandError";

  constructor(
    readonly command: string,
    /** Its last lines on standard output and standard error, in the order printed. */
    readonly lastLines: readonly string[],
    reason: string,
  ) {
    super(`${command} ${reason}`);
  }
}

/** Lines kept for an error: enough for the reason of a failed build, few enough to read on a terminal. */
const keptLines = 15;

/** Runs a command to its end and returns what it printed on standard output. */
export async function run(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  await mkdir(dirname(options.log), { recursive: true });
  const log = createWriteStream(options.log, { flags: "a" });
  log.write(`$ ${[command, ...args].join(" ")}\n`);

  const lastLines: string[] = [];
  const keep = (line: string): void => {
    options.onLine?.(line);
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
  };

  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  // On an interrupt the go command ends its compilers itself.
  const abort = (): void => void child.kill("SIGINT");
  options.signal?.addEventListener("abort", abort);
  process.once("exit", abort);

  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(log, { end: false });
    forEachLine(stream, keep);
  }
  try {
    const reason = await ended(child);
    options.signal?.throwIfAborted();
    if (reason !== undefined) throw new CommandError(command, lastLines, reason);
    return output;
  } finally {
    options.signal?.removeEventListener("abort", abort);
    process.off("exit", abort);
    log.end();
    await finished(log);
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve(
        code === 0 ? undefined : code === null ? `was ended by ${String(signal)}` : `ended with exit code ${code}`,
      );
    });
  });
}

function forEachLine(stream: NodeJS.ReadableStream, action: (line: string) => void): void {
  let rest = "";
  stream.on("data", (chunk: Buffer | string) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(action);
  });
  stream.on("end", () => {
    if (rest !== "") action(rest);
  });
}
