import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { PetrichorError } from "../components/errors";
import { cacheFolder, entryFolder } from "./cache";
import { CommandError, run } from "./command";
import type { MakeOptions } from "./go";
import { derivedKey, isOlder } from "./key";
import type { PackagedTool } from "./kinds";
import { withLock } from "./lock";
import { onPath } from "./path";
import type { ToolName } from "./tools";

/** The machine's own program where it is new enough; packaged tools have one program each. */
export async function installed(tool: PackagedTool): Promise<string | undefined> {
  const program = onPath(tool.programs[0] ?? "", searchPath());
  if (program === undefined) return undefined;
  const { stdout } = await promisify(execFile)(program, ["--version"]).catch(() => ({ stdout: "" }));
  const version = /\d+\.\d+(?:\.\d+)?/.exec(stdout)?.[0];
  return version === undefined || isOlder(version, tool.minimum) ? undefined : program;
}

/** Programs of the administrator are often left out of a plain user's PATH. */
function searchPath(): string {
  return [process.env["PATH"] ?? "", "/usr/local/sbin", "/usr/sbin", "/sbin"].join(delimiter);
}

/** Packages differ between releases of a distribution, so its name and release are part of the key. */
export function packagedKey(tool: PackagedTool): string {
  return derivedKey([tool.programs, tool.packages, process.arch, distribution()]);
}

/** Name and release of the Linux distribution, for example `debian 12`; empty where unknown. */
export function distribution(): string {
  try {
    const release = readFileSync("/etc/os-release", "utf8");
    return ["ID", "VERSION_ID"].map((key) => new RegExp(`^${key}=(.*)$`, "m").exec(release)?.[1] ?? "").join(" ");
  } catch {
    return "";
  }
}

/** Unpacks the distribution's packages into the target; nothing is installed into the system. */
export async function makePackagedTool(name: ToolName, tool: PackagedTool, options: MakeOptions): Promise<void> {
  if (onPath("apt-get", searchPath()) === undefined || onPath("dpkg", searchPath()) === undefined) throw missing(tool);
  const downloads = join(options.target, "packages");
  await mkdir(downloads, { recursive: true });
  await download(tool, { ...options, target: downloads });

  const root = join(options.target, "root");
  for (const file of await readdir(downloads)) {
    await run("dpkg", ["-x", join(downloads, file), root], { ...options, cwd: downloads });
  }
  await rm(downloads, { recursive: true });
  const bin = join(options.target, "bin");
  await mkdir(bin);
  for (const program of tool.programs) {
    const launcher = join(bin, program);
    await writeFile(launcher, launcherText(program, root, entryFolder(name, packagedKey(tool))));
    await chmod(launcher, 0o755);
  }
}

async function download(tool: PackagedTool, options: MakeOptions): Promise<void> {
  const get = (...settings: string[]): Promise<string> =>
    run("apt-get", [...asRoot(), ...settings, "download", ...tool.packages], { ...options, cwd: options.target });
  try {
    await get();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // The system's lists are absent or out of date: fetch lists of our own rather than change the system's.
    await withLock(aptFolder(), async () => {
      const lists = await privateLists();
      await run("apt-get", [...asRoot(), ...lists, "update"], { ...options, cwd: options.target });
      await get(...lists);
    });
  }
}

/** Root's downloads would else be handed to a user who may not read our folder, with a warning. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ["-o", "APT::Sandbox::User=root"] : [];
}

function aptFolder(): string {
  return join(cacheFolder(), "apt");
}

async function privateLists(): Promise<string[]> {
  const folder = aptFolder();
  await mkdir(join(folder, "lists", "partial"), { recursive: true });
  await mkdir(join(folder, "archives", "partial"), { recursive: true });
  return ["-o", `Dir::State::lists=${folder}/lists`, "-o", `Dir::Cache=${folder}`];
}

/**
 * Runs the unpacked program with its unpacked libraries. A program that re-executes itself in another root (runc) needs
 * none beyond those that every system with apt has, so it is started without a changed environment.
 */
function launcherText(program: string, root: string, final: string): string {
  const [folder] = ["usr/sbin", "usr/bin", "sbin", "bin"].filter((path) => exists(join(root, path), program));
  if (folder === undefined) throw new Error(`the packages hold no program ${program}`);
  const libraries = listOf(join(root, "usr/lib")).filter((name) => name.includes("-linux-"));
  const path = libraries.map((name) => `${final}/root/usr/lib/${name}`).join(":");
  const setting = path === "" ? "" : `LD_LIBRARY_PATH='${path}' `;
  return `#!/bin/sh\n${setting}exec '${final}/root/${folder}/${program}' "$@"\n`;
}

function exists(folder: string, name: string): boolean {
  return listOf(folder).includes(name);
}

function listOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function missing(tool: PackagedTool): PetrichorError {
  const program = tool.programs[0] ?? "";
  return new PetrichorError(
    "MACHINE_UNSUITABLE",
    `${program} ${tool.minimum} or newer is not installed, and there is no apt to fetch it with.`,
    `Install it with your distribution's package manager (the package is called ${tool.packages[0] ?? program} almost everywhere).`,
  );
}
