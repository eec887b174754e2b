import { dirname } from "node:path";
import type { BuildEvent } from "../../toolchain/build";
import { lineOf } from "../../toolchain/report";
import type { ToolName } from "../../toolchain/tools";
import type { Progress, Step } from "../progress";

/** What `up` on this machine's own cluster takes. */
const machineTools = [
  "kubernetes",
  "pulumi",
  "pulumi-journal",
  "pulumi-language-nodejs",
  "pulumi-resource-kubernetes",
  "images",
  "cel",
] as const;

/** Builds what is missing of the tools that the commands themselves run, with progress. */
export async function ensureCommandTools(progress: Progress, signal?: AbortSignal): Promise<void> {
  const { ensureTools } = await import("../../toolchain/build");
  await ensureTools(machineTools, { report: reportBuilds(progress), ...(signal === undefined ? {} : { signal }) });
}

/** Shows builds as steps. */
export function reportBuilds(progress: Progress): (event: BuildEvent) => void {
  const steps = new Map<ToolName, Step>();
  return (event) => {
    const step = steps.get(event.tool);
    if (event.type === "started") steps.set(event.tool, progress.step(lineOf(event)));
    else if (event.type === "progress") step?.update(event.text);
    else if (event.type === "finished") step?.done();
    else if (event.type === "failed") step?.failed();
    else progress.line(lineOf(event));
  };
}

/** Folders that hold `pulumi`, its plugins and `kubectl` where the machine has none of its own. */
export async function toolFolders(): Promise<string[]> {
  const { pulumiEnvironment } = await import("../../toolchain/environment");
  const { toolPath } = await import("../../toolchain/locate");
  const { path } = await pulumiEnvironment();
  const kubectl = await toolPath("kubectl");
  return [...new Set([...path, ...(kubectl === undefined ? [] : [dirname(kubectl)])])];
}
