import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The first executable file of that name on a PATH, or undefined. Folders that `skip` accepts are passed over. */
export function onPath(
  program: string,
  path = process.env["PATH"] ?? "",
  skip: (folder: string) => boolean = () => false,
): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "" && !skip(folder))
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
