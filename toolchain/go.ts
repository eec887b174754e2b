import { readFile, rename, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { run } from "./command";
import { machine, requireGo } from "./key";
import type { GoTool } from "./kinds";

export interface MakeOptions {
  /** Folder that gets `bin/`. */
  readonly target: string;
  readonly log: string;
  readonly signal?: AbortSignal | undefined;
  /** Called now and then with how far it is, in words. */
  readonly onProgress: (text: string) => void;
}

/**
 * Builds a Go tool's programs into `target/bin`.
 *
 * @param module folder of its wrapper module
 */
export async function makeGoTool(tool: GoTool, module: string, options: MakeOptions): Promise<void> {
  requireGo(await readFile(join(module, "go.mod"), "utf8"), await machine());
  const bin = join(options.target, "bin");
  let compiled = 0;
  await run("go", ["build", ...buildFlags(tool), "-o", bin + "/", ...tool.packages], {
    cwd: module,
    env: { ...process.env, ...buildEnvironment },
    log: options.log,
    signal: options.signal,
    onLine: () => {
      options.onProgress(`${String(++compiled)} packages`);
    },
  });
  await Promise.all(
    tool.packages.map(async (path, index) => {
      // A package named "." builds a program that is named after the module already.
      const [built, program] = [basename(path), tool.programs[index] ?? ""];
      if (built !== "." && built !== program) await rename(join(bin, built), join(bin, program));
    }),
  );
  for (const link of tool.links ?? []) await symlink(tool.programs[0] ?? "", join(bin, link));
}

/** Settings that would change the result are fixed here; those that say where modules come from stay the machine's. */
const buildEnvironment = {
  CGO_ENABLED: "0",
  GOFLAGS: "-mod=readonly",
  GOWORK: "off",
  GO111MODULE: "on",
  GOOS: "",
  GOARCH: "",
};

function buildFlags(tool: GoTool): string[] {
  const stamps = Object.entries(tool.stamps ?? {}).map(([variable, value]) => `-X ${variable}=${value}`);
  return [
    "-v",
    "-trimpath",
    "-buildvcs=false",
    ...(tool.tags === undefined ? [] : [`-tags=${tool.tags.join(",")}`]),
    `-ldflags=${["-s -w", ...stamps].join(" ")}`,
  ];
}
