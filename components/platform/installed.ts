import { readFileSync } from "node:fs";
import path from "node:path";
import type { AppModel } from "../app/model/types";
import type { Capabilities } from "../app/objects/context";
import type { ClusterFacts } from "../cluster/facts";
import { PetrichorError, throwAll } from "../errors";
import type { KubeObject } from "../kube/object";
import { machineCache } from "../machine";
import type { EngineId } from "./definition";
import type { Engine, EngineContext, PlatformSettings } from "./engine";
import { engines } from "./engines";
import { capabilitiesOf, engineObjectsOf, type RenderedEngine, renderEngines } from "./objects";
import { inNeedOrder } from "./order";
import { requireFitting, withoutProvided } from "./provided";
import { upstreamFrom } from "./upstream";

/** The folder of rendered manifests, which `petrichor up` fills. */
export function bundleFolder(): string {
  return path.join(machineCache(), "manifests");
}

/** The file that says which images this machine made for engines: the name of an image's tool → its digest. */
export function imageDigestsFile(): string {
  return path.join(bundleFolder(), "images.json");
}

/** The engines of a stack in the order of their needs. */
export function enginesNamed(ids: readonly EngineId[]): Engine[] {
  return inNeedOrder(ids.map((id) => engines[id]));
}

/** Engines on one cluster, and what apps get from them. */
export interface PlatformModel {
  readonly capabilities: Capabilities;
  readonly engines: readonly RenderedEngine[];
  /** What the workloads of an app need from the engines. */
  objectsOf(app: AppModel): readonly KubeObject[];
}

export interface PlatformInput {
  readonly ids: readonly EngineId[];
  /** Those of them that the cluster runs already. Default: none. */
  readonly provided?: readonly EngineId[];
  readonly facts: ClusterFacts;
  readonly settings: PlatformSettings;
  /** Whether the cluster is this machine's own, whose images are made here. */
  readonly embedded: boolean;
}

/**
 * Renders the engines of a stack. It reads the bundle folder only.
 * @throws PetrichorError BUNDLE_MISSING where the folder lacks something; ENGINE_VERSION; ENGINE_LACKING where an engine can't run there
 */
export function renderPlatform({ ids, provided = [], facts, settings, embedded }: PlatformInput): PlatformModel {
  const wanted = enginesNamed(ids).filter(({ isWanted }) => isWanted?.(facts) ?? true);
  if (embedded) throwAll(wanted.filter(hasForeignImage).map(foreign));
  requireFitting(wanted, provided, facts.installed ?? {});
  const context = {
    facts,
    settings,
    capabilities: capabilitiesOf(wanted),
    upstream: upstreamFrom(bundleFolder()),
  };
  const digests = embedded && wanted.length > 0 ? readDigests() : {};
  const withImages = (engine: Engine): EngineContext => ({
    ...context,
    image: (name) => imageOf(engine, name, embedded ? { registry: facts.registry, digests } : undefined),
  });
  return {
    capabilities: context.capabilities,
    engines: withoutProvided(
      wanted.flatMap((engine) => renderEngines([engine], withImages(engine))),
      provided,
    ),
    objectsOf: (app) => wanted.flatMap((engine) => engineObjectsOf(app, [engine], withImages(engine))),
  };
}

/** Images that this machine made and pushed. */
export interface MadeHere {
  /** The registry as nodes reach it. */
  readonly registry: string;
  /** The name of an image's tool → its digest. */
  readonly digests: Readonly<Record<string, string>>;
}

/**
 * The reference of one of an engine's images: the published one, or the one that was made here.
 * @throws PetrichorError BUNDLE_MISSING where it was not made
 */
export function imageOf(engine: Engine, name: string, made: MadeHere | undefined): string {
  const image = engine.images[name];
  if (image === undefined) throw new TypeError(`engine ${engine.id} has no image ${name}`);
  if (made === undefined) return image.published;
  const digest = image.tool === undefined ? undefined : made.digests[image.tool];
  if (image.tool === undefined || digest === undefined) throw missing();
  return `${made.registry}/platform/${image.tool}@${digest}`;
}

/** Whether an engine runs an image that no tool makes. */
function hasForeignImage({ images }: Engine): boolean {
  return Object.values(images).some(({ tool }) => tool === undefined);
}

function foreign({ id, purpose }: Engine): PetrichorError {
  return new PetrichorError(
    "ENGINE_LACKING",
    `the engine "${id}", which ${purpose}, has no image for clusters of this machine's own.`,
    `Take "${id}" out of the engines of the stack: such a cluster has certificates and addresses of this machine's.`,
  );
}

function readDigests(): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(imageDigestsFile(), "utf8")) as Record<string, string>;
  } catch (cause) {
    throw missing(cause);
  }
}

function missing(cause?: unknown): PetrichorError {
  return new PetrichorError(
    "BUNDLE_MISSING",
    "the images of the engines have not been made on this machine.",
    "Run `petrichor up` once; it makes them.",
    {},
    { cause },
  );
}
