import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./command";
import type { MakeOptions } from "./go";
import type { ImageTool } from "./kinds";

/** Paths of the programs that an image is made of, and of the one that makes it. */
export interface ImageParts {
  readonly images: string;
  /** Path in the image → file on this machine. */
  readonly files: Readonly<Record<string, string>>;
}

/** Packs programs into `target/bin/<name>.tar`, and keeps `NAME:TAG@sha256:…` beside it. */
export async function makeImage(tool: ImageTool, parts: ImageParts, options: MakeOptions): Promise<void> {
  const bin = join(options.target, "bin");
  await mkdir(bin, { recursive: true });
  const archive = join(bin, tool.programs[0] ?? "");
  const files = Object.entries(parts.files).flatMap(([path, file]) => ["--file", `${path}=${file}`]);
  const args = ["pack", "--reference", tool.reference, "--output", archive, ...files];
  const reference = await run(parts.images, args, { ...options, cwd: options.target });
  await writeFile(join(options.target, referenceFile), reference);
}

/** File of an image's entry that holds its name with digest. */
export const referenceFile = "reference";
