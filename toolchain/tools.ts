import type { AnyTool } from "./kinds";
import { clusterTools } from "./table/cluster";
import { engineTools } from "./table/engines";
import { projectTools } from "./table/programs";

/** Every tool that the project can make. */
export const tools = { ...projectTools, ...clusterTools, ...engineTools };

export type ToolName = keyof typeof tools;

type FilesOf<T> =
  | (T extends { programs: readonly (infer P extends string)[] } ? P : never)
  | (T extends { links: readonly (infer L extends string)[] } ? L : never);

/** What a tool puts into the cache: its programs, their further names, or its image archive. */
export type ToolFile<N extends ToolName = ToolName> = FilesOf<(typeof tools)[N]>;

/** Absolute path of every file of the tools asked for, for example `paths.kubectl`. */
export type ToolPaths<N extends ToolName = ToolName> = Readonly<Record<ToolFile<N>, string>>;

/** Longest build first, so that none is begun when all others are done. */
export const toolNames: readonly ToolName[] = (Object.keys(tools) as ToolName[]).sort(
  (a, b) => tools[b].seconds - tools[a].seconds,
);

/** The tool that makes a file. */
export function makerOf(file: ToolFile): ToolName {
  const maker = toolNames.find((name) => filesOf(name).includes(file));
  if (maker === undefined) throw new TypeError(`no tool makes ${file}`);
  return maker;
}

export function filesOf(name: ToolName): readonly ToolFile[] {
  const tool: AnyTool = tools[name];
  return [...tool.programs, ...(tool.kind === "go" ? (tool.links ?? []) : [])] as ToolFile[];
}
