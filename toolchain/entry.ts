import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { logFile, partialFolder, removeAbandoned, sizeOf } from "./cache";

/** What a build leaves beside its result. */
export interface BuildRecord {
  readonly tool: string;
  readonly key: string;
  /** How long it took, in seconds; short where Go's build cache already held most of it. */
  readonly seconds: number;
  /** Size of the files it made. */
  readonly bytes: number;
}

/** Where an entry of the cache belongs. */
export interface EntryPlace {
  readonly tool: string;
  readonly key: string;
  readonly folder: string;
}

/**
 * Makes an entry beside its place and renames it there when it is whole, so that whatever ends the work early (an error,
 * an interrupt, SIGKILL) leaves either the whole entry or none.
 *
 * @param make writes into the folder it is given
 */
export async function makeEntry(
  { tool, key, folder }: EntryPlace,
  make: (entry: { readonly target: string; readonly log: string }) => Promise<void>,
): Promise<BuildRecord> {
  const started = performance.now();
  const target = partialFolder(tool);
  await removeAbandoned(tool);
  await mkdir(target, { recursive: true });
  await rm(logFile(tool), { force: true });
  try {
    await make({ target, log: logFile(tool) });
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    const record: BuildRecord = { tool, key, seconds, bytes: await sizeOf(target) };
    await writeFile(join(target, recordFile), JSON.stringify(record));
    await mkdir(dirname(folder), { recursive: true });
    await rename(target, folder);
    return record;
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}

/** The record of an entry, or undefined where there is no entry. */
export async function readRecord(folder: string): Promise<BuildRecord | undefined> {
  const text = await readFile(join(folder, recordFile), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as BuildRecord);
}

const recordFile = "build.json";
