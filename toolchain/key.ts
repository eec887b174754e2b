import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { PetrichorError } from "../components/errors";
import type { AnyTool, GoTool } from "./kinds";

/** Raised when the builder itself starts to make something else of the same sources. */
const builderVersion = 1;

/** What of the machine enters a build. */
export interface Machine {
  /** Go's version as `go env GOVERSION` tells it, for example `go1.26.8`. */
  readonly go: string;
  readonly os: string;
  readonly architecture: string;
  /** Go's setting GOTOOLCHAIN: whether it may fetch a newer Go that a module asks for. */
  readonly toolchain: string;
  /** Folder of Go's build cache. */
  readonly buildCache: string;
}

/**
 * The key of a Go tool's result: everything that can change the binary, and nothing else. Tests beside the sources are
 * left out, they are not built in.
 */
export async function goKey(tool: GoTool, module: string, machine: Machine): Promise<string> {
  const { go, os, architecture } = machine;
  const hash = createHash("sha256").update(JSON.stringify([builderVersion, go, os, architecture, options(tool)]));
  for (const file of await sources(module)) {
    const content = await readFile(file);
    hash.update(`${relative(module, file)}\0${content.length}\0`).update(content);
  }
  return short(hash.digest("hex"));
}

/** The key of a result made of other results and of a few settings. */
export function derivedKey(parts: readonly unknown[]): string {
  return short(
    createHash("sha256")
      .update(JSON.stringify([builderVersion, ...parts]))
      .digest("hex"),
  );
}

/** What of a tool's table entry changes its result: the words and estimates about it don't. */
function options(tool: AnyTool): unknown {
  return { ...tool, purpose: undefined, seconds: undefined, size: undefined };
}

function short(digest: string): string {
  return digest.slice(0, 16);
}

async function sources(module: string): Promise<string[]> {
  const entries = await readdir(module, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith("_test.go") && !entry.parentPath.includes("/testdata"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

let known: Promise<Machine> | undefined;

/**
 * Asks the go command once per process.
 *
 * @throws PetrichorError GO_MISSING when there is none on PATH.
 */
export function machine(): Promise<Machine> {
  known ??= askGo().catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

async function askGo(): Promise<Machine> {
  try {
    // Outside of every module, so that no go.mod makes the command answer for another toolchain than its own.
    const { stdout } = await promisify(execFile)(
      "go",
      ["env", "GOVERSION", "GOHOSTOS", "GOHOSTARCH", "GOTOOLCHAIN", "GOCACHE"],
      {
        cwd: "/",
      },
    );
    const [go, os, architecture, toolchain, buildCache] = stdout.split("\n");
    if (!go || !os || !architecture || !buildCache) throw new Error(`go env printed ${stdout}`);
    return { go, os, architecture, toolchain: toolchain ?? "", buildCache };
  } catch (error) {
    throw new PetrichorError(
      "GO_MISSING",
      "The tools are built with Go, and no working `go` is on PATH.",
      goFix,
      {},
      { cause: error },
    );
  }
}

const goFix = "Install Go 1.26 or newer (https://go.dev/dl, or your distribution's package) and put it on PATH.";

/**
 * Fails when this Go can neither build the module nor fetch the Go that can (which it does by itself from 1.21 on).
 *
 * @param goMod text of the go.mod
 */
export function requireGo(goMod: string, { go, toolchain }: Pick<Machine, "go" | "toolchain">): void {
  const wanted = /^go (\S+)$/m.exec(goMod)?.[1];
  const have = /^go(\d+\.\d+(?:\.\d+)?)/.exec(go)?.[1];
  // A development version of Go has no number and is newer than any.
  if (wanted === undefined || have === undefined || !isOlder(have, wanted)) return;
  if (!isOlder(have, "1.21") && !/^(local|path)/.test(toolchain)) return;
  throw new PetrichorError("GO_MISSING", `Go ${have} is too old: ${wanted} or newer is needed.`, goFix);
}

/** Whether a dotted version comes before another; missing parts count as 0. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(".").map(Number)) as [number[], number[]];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
