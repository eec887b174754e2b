import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./cache";
import { isOlder } from "./key";
import type { AnyTool } from "./kinds";
import { installed as installedPackage } from "./packaged";
import { onPath } from "./path";
import { tools, type ToolName } from "./tools";

/** The minor version of `@pulumi/pulumi` that programs of this project use; an engine must know at least as much. */
const oldestEngine = "3.248";

/**
 * A program that is on the machine already and does the work of a tool of ours: an official `pulumi` with its plugins, or
 * a system program that is new enough. Ours is neither built nor put on PATH then.
 */
export async function installedInstead(name: ToolName): Promise<string | undefined> {
  const tool: AnyTool = tools[name];
  if (tool.kind === "packaged") return installedPackage(tool);
  switch (name) {
    case "pulumi":
      return officialEngine();
    // The journal goes with the engine of the same version. Another engine works without, as it does anywhere else.
    case "pulumi-journal":
      return officialEngine();
    case "pulumi-language-nodejs":
      return officialLanguageHost();
    case "pulumi-resource-kubernetes":
      return officialProvider();
    default:
      return undefined;
  }
}

async function officialEngine(): Promise<string | undefined> {
  const program = onPath("pulumi", process.env["PATH"], isOurs);
  if (program === undefined) return undefined;
  const { stdout } = await promisify(execFile)(program, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  }).catch(() => ({ stdout: "" }));
  const version = /^v(\d+\.\d+)/.exec(stdout)?.[1];
  return version === undefined || isOlder(version, oldestEngine) ? undefined : program;
}

/** The official host is released with the engine and lies beside it; one elsewhere on PATH may be of any age. */
async function officialLanguageHost(): Promise<string | undefined> {
  const engine = await officialEngine();
  return engine === undefined ? undefined : onPath("pulumi-language-nodejs", dirname(engine));
}

/** The plugin that `pulumi plugin install` or an earlier run with internet has put into Pulumi's own folder. */
async function officialProvider(): Promise<string | undefined> {
  const plugins = join(process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi"), "plugins");
  const versions = (await readdir(plugins).catch(() => []))
    .filter((entry) => /^resource-kubernetes-v[\d.]+$/.test(entry))
    .map((entry) => join(plugins, entry));
  return onPath("pulumi-resource-kubernetes", versions.join(delimiter));
}

function isOurs(folder: string): boolean {
  return folder.startsWith(cacheFolder() + "/");
}
