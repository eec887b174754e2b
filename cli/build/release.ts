import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import type { Release } from "../../components/app/release";
import { machineState } from "../../components/machine";
import { FolderHistory } from "../release/history";

const header =
  "# What this environment runs. Written by `petrichor up`, `lock`, `promote` and `rollback`; not by hand.\n";

/** Writes a release file in one piece, in alphabetical order; leaves a file alone that says the same already. Returns whether it changed. */
export function writeRelease(file: string, release: Release): boolean {
  const text = header + stringify(release, { sortMapEntries: true, lineWidth: 0 });
  if (existsSync(file) && readFileSync(file, "utf8") === text) return false;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, text);
  renameSync(partial, file);
  // Files of the project have their past in Git; this machine's own have it nowhere else.
  if (file.startsWith(`${machineState()}${path.sep}`)) new FolderHistory(file).add(text);
  return true;
}
