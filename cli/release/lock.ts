import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { PetrichorError } from "../../components/errors";
import { isDead, type Lock, thisMachine } from "../engine/locks";

/**
 * Does work on a release file that nobody else changes meanwhile. Two commands at once: one works, the other is told by whom it was beaten.
 * A lock whose process is gone is taken away.
 *
 * @param file the release file
 * @param command what the other one is told, for example `petrichor promote dev staging`
 * @throws PetrichorError RELEASE_LOCKED
 */
export async function holdingRelease<Result>(
  file: string,
  command: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const lockFile = `${file}.lock`;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  take(lockFile, command);
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

/** What a lock file says about its holder. */
interface Holder {
  readonly pid: number;
  readonly hostname: string;
  readonly timestamp: string;
  readonly command: string;
}

function take(lockFile: string, command: string): void {
  const holder: Holder = { pid: process.pid, hostname: hostname(), timestamp: new Date().toISOString(), command };
  // The file is made only if it isn't there: of two, one succeeds.
  const create = (): boolean => {
    try {
      writeFileSync(lockFile, JSON.stringify(holder), { flag: "wx", mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  };
  if (create()) return;
  const other = readHolder(lockFile);
  if (other !== undefined && isDead(lockOf(other, lockFile), thisMachine)) {
    rmSync(lockFile, { force: true });
    if (create()) return;
  }
  const who =
    other === undefined
      ? "another command"
      : `\`${other.command}\` (process ${other.pid} on ${other.hostname}, since ${other.timestamp})`;
  throw new PetrichorError(
    "RELEASE_LOCKED",
    `${who} is changing ${path.basename(path.dirname(lockFile))}/${path.basename(lockFile, ".lock")}.`,
    "Wait until it is done, look at what it changed, then run the command again.",
  );
}

/** The holder of a lock; nothing while it is being written or when it is just gone. */
function readHolder(lockFile: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(lockFile, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

function lockOf({ pid, hostname: host, timestamp }: Holder, file: string): Lock {
  return { file, pid, hostname: host, timestamp: new Date(timestamp) };
}
