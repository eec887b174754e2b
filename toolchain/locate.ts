import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { entryFolder } from "./cache";
import { readRecord, type BuildRecord } from "./entry";
import { referenceFile } from "./image";
import { installedInstead } from "./installed";
import { derivedKey, goKey, machine } from "./key";
import type { AnyTool, ImageTool } from "./kinds";
import { packagedKey } from "./packaged";
import { wheelKey } from "./wheel";
import { filesOf, makerOf, toolNames, tools, type ToolFile, type ToolName } from "./tools";

export type ToolState =
  | { readonly state: "installed"; readonly paths: ReadonlyMap<ToolFile, string> }
  | {
      readonly state: "built";
      readonly folder: string;
      readonly record: BuildRecord;
      readonly paths: ReadonlyMap<ToolFile, string>;
    }
  | { readonly state: "missing"; readonly folder: string; readonly key: string };

/** Folder of a Go tool's wrapper module. */
export function moduleFolder(name: ToolName): string {
  const tool: AnyTool = tools[name];
  return join(__dirname, "go", (tool.kind === "go" ? tool.module : undefined) ?? name);
}

/** How one tool stands, without building anything. */
export async function locate(name: ToolName): Promise<ToolState> {
  const installed = await installedInstead(name);
  if (installed !== undefined) {
    return { state: "installed", paths: new Map(filesOf(name).map((file) => [file, installed])) };
  }
  const key = await keyOf(name);
  const folder = entryFolder(name, key);
  const record = await readRecord(folder);
  if (record === undefined) return { state: "missing", folder, key };
  const paths = new Map(filesOf(name).map((file) => [file, join(folder, "bin", file)]));
  return { state: "built", folder, record, paths };
}

/** How every tool stands. */
export async function findTools(): Promise<ReadonlyMap<ToolName, ToolState>> {
  return new Map(await Promise.all(toolNames.map(async (name) => [name, await locate(name)] as const)));
}

/** Absolute path of a tool's file if it is there already; builds nothing. */
export async function toolPath(file: ToolFile): Promise<string | undefined> {
  const state = await locate(makerOf(file));
  return state.state === "missing" ? undefined : state.paths.get(file);
}

/** `NAME:TAG@sha256:…` of an image that has been made. */
export async function imageReference(name: ToolName): Promise<string | undefined> {
  const state = await locate(name);
  if (state.state !== "built") return undefined;
  return (await readFile(join(state.folder, referenceFile), "utf8")).trim();
}

/** The tools whose files an image is made of, and the program that makes images. */
export function requirementsOf(name: ToolName): readonly ToolName[] {
  const tool: AnyTool = tools[name];
  if (tool.kind !== "image") return [];
  return [...new Set(["images", ...Object.values(tool.files).map(([maker]) => maker)])] as ToolName[];
}

async function keyOf(name: ToolName): Promise<string> {
  const tool: AnyTool = tools[name];
  switch (tool.kind) {
    case "go":
      return goKey(tool, moduleFolder(name), await machine());
    case "packaged":
      return packagedKey(tool);
    case "wheel":
      return wheelKey(tool);
    case "image":
      return imageKey(tool, name);
  }
}

async function imageKey(tool: ImageTool, name: ToolName): Promise<string> {
  const parts = await Promise.all(requirementsOf(name).map(keyOf));
  return derivedKey([tool.reference, tool.files, parts]);
}
