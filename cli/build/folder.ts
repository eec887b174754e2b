import { createHash } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import path from "node:path";

/**
 * A hash of everything a folder holds: names, contents, executable bits and links. The same source has the same hash on every machine.
 */
export function hashFolder(folder: string): string {
  const hash = createHash("sha256");
  for (const file of filesBelow(folder)) {
    const absolute = path.join(folder, file.name);
    hash.update(`${file.name}\0${file.kind}\0`);
    if (file.kind === "link") hash.update(readlinkSync(absolute));
    else hash.update(`${isExecutable(absolute) ? "x" : "-"}\0`).update(readFileSync(absolute));
    hash.update("\0");
  }
  return hash.digest("hex");
}

interface Entry {
  readonly name: string;
  readonly kind: "file" | "link";
}

function filesBelow(folder: string): Entry[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry): Entry => {
      const name = path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/");
      return { name, kind: entry.isSymbolicLink() ? "link" : "file" };
    })
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function isExecutable(file: string): boolean {
  return (statSync(file).mode & 0o100) !== 0;
}
