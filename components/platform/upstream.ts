import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PetrichorError } from "../errors";
import type { KubeObject } from "../kube/object";

/** Where an engine's own manifests come from: a Go module of pinned version that carries them. */
export interface UpstreamSource {
  /** Path of the Go module, for example `github.com/envoyproxy/gateway`. */
  readonly module: string;
  /** Exact version of the module, for example `v1.9.1`. */
  readonly version: string;
  readonly form: UpstreamForm;
}

/** How the module keeps its manifests; every path is relative to the module's root. */
export type UpstreamForm =
  /** Plain YAML files, in this order. */
  | { readonly type: "files"; readonly paths: readonly string[] }
  /** A kustomize base. */
  | { readonly type: "kustomization"; readonly path: string }
  /** A Helm chart. */
  | {
      readonly type: "chart";
      readonly path: string;
      /** Name of the release, which most charts put into the names of objects. */
      readonly release: string;
      readonly namespace: string;
      /** Values laid over the chart's defaults. */
      readonly values?: Readonly<Record<string, unknown>>;
      /** What the placeholders `${NAME}` of a `values.tmpl.yaml` stand for, where the chart is kept unfinished. */
      readonly placeholders?: Readonly<Record<string, string>>;
      /** Version of the chart and of what it installs, where its file says neither: labels and images carry it. Default: the chart's own. */
      readonly chartVersion?: string;
    };

/** Raised when rendering itself starts to give other objects for the same source. */
const rendererVersion = 1;

/** The name of the file that holds the rendered objects: everything that can change them is part of it. */
export function bundleFile(source: UpstreamSource): string {
  const name = source.module.split("/").slice(-2).join("-");
  const hash = createHash("sha256")
    .update(JSON.stringify([rendererVersion, source]))
    .digest("hex")
    .slice(0, 16);
  return `${name}-${source.version}-${hash}.json`;
}

/** Gives the objects that a source renders to. */
export type ReadUpstream = (source: UpstreamSource) => readonly KubeObject[];

/**
 * Reads rendered sources from a folder that `petrichor up` fills; each file is read once.
 * @throws PetrichorError BUNDLE_MISSING where the folder lacks a source
 */
export function upstreamFrom(folder: string): ReadUpstream {
  const known = new Map<string, readonly KubeObject[]>();
  return (source) => {
    const file = bundleFile(source);
    const objects = known.get(file) ?? readBundle(join(folder, file), source);
    known.set(file, objects);
    return objects;
  };
}

function readBundle(file: string, { module, version }: UpstreamSource): readonly KubeObject[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as KubeObject[];
  } catch (cause) {
    throw new PetrichorError(
      "BUNDLE_MISSING",
      `the manifests of ${module} ${version} have not been rendered on this machine.`,
      "Run `petrichor up` once; it renders the manifests of every engine from their pinned modules.",
      {},
      { cause },
    );
  }
}
