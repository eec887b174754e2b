import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { SourcedDefinition } from "../../components/app/model/input";
import type { Release, WorkloadRelease } from "../../components/app/release";
import { PetrichorError } from "../../components/errors";
import { nameOf } from "../../stacks/project/placement";
import type { Progress } from "../progress";
import { hashFolder } from "./folder";

/** A workload that is built from a folder of the project. */
export interface SourceWorkload {
  readonly app: string;
  readonly workload: string;
  /** Absolute path of the source. */
  readonly folder: string;
  /** Folder of the program inside the source. Default: its root. */
  readonly main?: string;
}

export interface BuildOptions {
  /** The program that makes images from source. */
  readonly program: string;
  /** Where images are pushed to, for example `127.0.0.1:15000`. */
  readonly push: string;
  /** How nodes name the same registry, for example `registry.petrichor.internal`. */
  readonly pull: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

interface WrittenSource {
  readonly folder?: string;
  readonly main?: string;
}

/** The workloads of these apps that are built from a folder beside their app file. */
export function sourceWorkloads(root: string, definitions: readonly SourcedDefinition[]): SourceWorkload[] {
  return definitions.flatMap((sourced) => {
    const { workloads = {} } = sourced.definition as { workloads?: Record<string, { source?: WrittenSource }> };
    return Object.entries(workloads).flatMap(([workload, { source }]) => {
      if (source?.folder === undefined) return [];
      const folder = path.resolve(root, path.dirname(sourced.file), source.folder);
      return [{ app: nameOf(sourced), workload, folder, ...(source.main === undefined ? {} : { main: source.main }) }];
    });
  });
}

/** A workload and what its image is from now on. */
interface Built {
  readonly source: SourceWorkload;
  readonly entry: WorkloadRelease;
}

/**
 * Builds the images of workloads whose source changed or whose image is gone, pushes them, and returns the release that names their digests.
 * What an app builds once is not built again for its other workloads. What else the release holds stays.
 * @throws PetrichorError BUILD_FAILED with what the compiler said
 */
export async function buildImages(
  workloads: readonly SourceWorkload[],
  release: Release,
  options: BuildOptions,
): Promise<Release> {
  const built: Built[] = [];
  for (const source of workloads) {
    const before = release.apps[source.app]?.[source.workload];
    const ofApp = built.filter(({ source: { app } }) => app === source.app);
    built.push({ source, entry: await buildOne(source, before, ofApp, options) });
  }
  const apps = structuredClone(release.apps);
  for (const { source, entry } of built) (apps[source.app] ??= {})[source.workload] = entry;
  return { ...release, apps };
}

async function buildOne(
  source: SourceWorkload,
  before: WorkloadRelease | undefined,
  built: readonly Built[],
  options: BuildOptions,
): Promise<WorkloadRelease> {
  const { app, workload, folder, main } = source;
  if (!existsSync(folder)) {
    throw failed(source, `the folder ${folder} is not there.`, "Correct `source`, or make the folder.");
  }
  const revision = `sha256:${hashFolder(folder)}${main === undefined ? "" : `/${path.posix.normalize(main)}`}`;
  if (before?.image !== undefined && before.source?.revision === revision && (await isPushed(before.image, options))) {
    return before;
  }
  const same = built.find(({ entry }) => entry.source?.revision === revision)?.entry.image;
  if (same !== undefined) return { ...before, image: same, source: { revision } };
  const step = options.progress.step(`building ${app}/${workload}`);
  try {
    const name = `${app}/${workload}`;
    const args = ["build", "--source", folder, "--repository", `${options.push}/${name}`];
    const printed = await run(
      options.program,
      main === undefined ? args : [...args, "--package", main],
      options.signal,
    );
    const digest = /@(sha256:[a-f0-9]{64})\s*$/.exec(printed)?.[1];
    if (digest === undefined) throw new Error(`the image builder printed no digest: ${printed}`);
    step.done(digest.slice(0, "sha256:".length + 12));
    return { ...before, image: `${options.pull}/${name}@${digest}`, source: { revision } };
  } catch (error) {
    step.failed();
    options.signal?.throwIfAborted();
    throw failed(source, compilerWords(error, folder), "Correct the source and run the command again.");
  }
}

/** Longest time, in milliseconds, that the registry may take to say whether it holds an image. */
const registryTimeout = 10_000;

/** Whether the registry still holds an image. */
async function isPushed(image: string, { push, pull }: BuildOptions): Promise<boolean> {
  const [, name, digest] = /^(.*)@(sha256:[a-f0-9]{64})$/.exec(image) ?? [];
  if (name === undefined || digest === undefined || !name.startsWith(`${pull}/`)) return false;
  const address = `http://${push}/v2/${name.slice(pull.length + 1)}/manifests/${digest}`;
  const accept = "application/vnd.oci.image.manifest.v1+json,application/vnd.oci.image.index.v1+json";
  // Without an end of its own the first request of a process would wait for ever for a server that closes at once.
  const signal = AbortSignal.timeout(registryTimeout);
  const answer = await fetch(address, { method: "HEAD", headers: { accept }, signal }).catch(() => undefined);
  return answer?.ok ?? false;
}

async function run(program: string, args: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, signal === undefined ? {} : { signal }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(stderr.trim() === "" ? error.message : stderr.trim(), { cause: error }));
    });
  });
}

/** What the compiler said, its files as they are called from where the command was typed. */
function compilerWords(error: unknown, folder: string): string {
  const said = error instanceof Error ? error.message : String(error);
  const here = path.relative(process.cwd(), folder);
  return said
    .replace(/^images: build: go build: exit status \d+: (?:# .*)?/, "")
    .replaceAll(/^\.?\/?((?:[\w.-]+\/)*[\w.-]+\.go:\d+)/gm, (_, file: string) => path.join(here, file));
}

function failed({ app, workload }: SourceWorkload, message: string, fix: string): PetrichorError {
  return new PetrichorError("BUILD_FAILED", `the image could not be built: ${message}`, fix, { app, workload });
}
