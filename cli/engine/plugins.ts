import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { PetrichorError } from "../../components/errors";
import { parseStackName, stackNames } from "../../stacks/project/name";
import type { Stack } from "../../stacks/stack";
import { isOlder } from "../../toolchain/key";
import { onPath } from "../../toolchain/path";
import type { PulumiCommand } from "./pulumi";

/** A plugin that the engine asks for a provider's resources. */
export interface Plugin {
  /** `aws` for the plugin `pulumi-resource-aws`. */
  readonly name: string;
  /** The version that the installed SDK was made for. */
  readonly version: string;
}

/**
 * The one plugin that a stack's resources need. The engine by itself would fetch those of every SDK in `node_modules`: hundreds of megabytes of
 * clouds that a stack has nothing to do with.
 */
export function pluginOf(root: string, stackName: string, stack: Stack): Plugin {
  const { layer } = parseStackName(stackName);
  const cluster = Object.values(stack.clusters)[stackNames(stack, layer).indexOf(stackName)];
  const sdk = layer === "apps" ? "kubernetes" : cluster?.kind === "azure" ? "azure-native" : "aws";
  const manifest = readFileSync(path.join(root, "node_modules/@pulumi", sdk, "package.json"), "utf8");
  return (JSON.parse(manifest) as { readonly pulumi: Plugin }).pulumi;
}

/**
 * Makes sure that a plugin is there, and fetches it where the internet can be reached.
 * @param folders PATH of the engine
 * @throws PetrichorError PLUGIN_MISSING
 */
export async function requirePlugin({ name, version }: Plugin, pulumi: PulumiCommand, folders: string): Promise<void> {
  if (onPath(`pulumi-resource-${name}`, folders) !== undefined || isInstalled({ name, version })) return;
  try {
    await pulumi.run({ args: ["plugin", "install", "resource", name, version] });
  } catch (cause) {
    throw new PetrichorError(
      "PLUGIN_MISSING",
      `the engine's plugin pulumi-resource-${name} ${version} is not on this machine and could not be fetched.`,
      `Run \`pulumi plugin install resource ${name} ${version}\` where the internet can be reached (or with \`--file\` and a copy of the plugin), then try again.`,
      {},
      { cause },
    );
  }
}

/** Whether an earlier run has fetched the plugin. A newer one of the same major version serves as well. */
function isInstalled({ name, version }: Plugin): boolean {
  const major = version.split(".")[0] ?? "";
  return installedPlugins().some((folder) => {
    const found = new RegExp(`^resource-${name}-v(${major}\\.\\d+\\.\\d+)$`).exec(folder)?.[1];
    return found !== undefined && !isOlder(found, version);
  });
}

function installedPlugins(): string[] {
  try {
    return readdirSync(path.join(process.env["PULUMI_HOME"] ?? path.join(homedir(), ".pulumi"), "plugins"));
  } catch {
    return [];
  }
}
