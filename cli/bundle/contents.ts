import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import type { KubeObject } from "../../components/kube/object";
import { bundleFolder } from "../../components/platform/installed";
import { bundleFile } from "../../components/platform/upstream";
import type { Project } from "../../stacks/project";

/** An image that an environment runs. */
export interface BundleImage {
  readonly image: string;
  /** Absent where the image is named by a tag alone. */
  readonly digest?: string;
  /** Engines and apps that run it, in alphabetical order. */
  readonly usedBy: readonly string[];
}

/** Manifests of an engine, as they were rendered from its module. */
export interface BundleManifest {
  readonly engine: string;
  readonly module: string;
  readonly version: string;
  /** SHA-256 of the rendered objects. */
  readonly sha256: string;
  readonly objects: number;
}

/** Everything that has to be brought to where an environment runs. */
export interface BundleContents {
  readonly stack: string;
  readonly images: readonly BundleImage[];
  readonly manifests: readonly BundleManifest[];
}

/** The parts of an environment on one cluster by name: each engine, and each app. */
export type BundleParts = ReadonlyMap<string, readonly KubeObject[]>;

export function partsOf({ platform, apps }: Pick<Project, "platform" | "apps">): BundleParts {
  return new Map([
    ...platform.engines.map(
      ({ engine, objects, resources }) => [`engines/${engine.id}`, [...objects, ...resources]] as const,
    ),
    ...apps.map(({ model, objects }) => [`apps/${model.name}`, objects] as const),
  ]);
}

/** Lists what a cluster's parts need. */
export function contentsOf(stack: string, project: Project): BundleContents {
  const published = project.platform.engines.flatMap(({ engine }) => Object.values(engine.images));
  const images = imagesIn(
    partsOf(project),
    published.map((image) => image.published),
  );
  return { stack, images, manifests: manifestsOf(project) };
}

/**
 * The images that objects run, wherever a kind keeps them: every field named `image` that holds a reference.
 * @param known references that count wherever they stand, for example in the argument of a program that starts pods by itself
 */
export function imagesIn(parts: BundleParts, known: readonly string[] = []): BundleImage[] {
  const users = new Map<string, Set<string>>();
  for (const [part, objects] of parts) {
    const text = JSON.stringify(objects);
    for (const image of [...objects.flatMap(imageFields), ...known.filter((one) => text.includes(one))])
      users.set(image, (users.get(image) ?? new Set()).add(part));
  }
  return [...users].sort(byName).map(([image, usedBy]) => {
    const digest = /@(sha256:[a-f0-9]{64})$/.exec(image)?.[1];
    return { image, ...(digest === undefined ? {} : { digest }), usedBy: [...usedBy].sort() };
  });
}

function imageFields(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === "image" && typeof inner === "string" ? [inner] : imageFields(inner),
  );
}

/** Manifests of what is installed: those of engines that a cluster has already are not needed. */
function manifestsOf({ platform, stack }: Pick<Project, "platform" | "stack">): BundleManifest[] {
  const installed = platform.engines.map(({ engine }) => engine).filter(({ id }) => !isProvided(stack, id));
  return installed.flatMap(({ id, upstream }) =>
    upstream.map((source) => {
      const text = readFileSync(path.join(bundleFolder(), bundleFile(source)), "utf8");
      const sha256 = createHash("sha256").update(text).digest("hex");
      const objects = (JSON.parse(text) as unknown[]).length;
      return { engine: id, module: source.module, version: source.version, sha256, objects };
    }),
  );
}

function isProvided({ provided }: Project["stack"], id: string): boolean {
  return (provided as readonly string[]).includes(id);
}

/** Writes the list as `bundle.json`, and the objects of each part as YAML, into a folder. */
export function writeBundle(folder: string, contents: BundleContents, parts: BundleParts): void {
  const write = (file: string, text: string): void => {
    const absolute = path.join(folder, contents.stack, file);
    mkdirSync(path.dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
  };
  write("bundle.json", `${JSON.stringify(contents, null, 2)}\n`);
  for (const [part, objects] of parts) {
    write(`${part}.yaml`, objects.map((object) => `---\n${stringify(object, { lineWidth: 0 })}`).join(""));
  }
}

function byName(one: readonly [string, unknown], other: readonly [string, unknown]): number {
  return one[0] < other[0] ? -1 : 1;
}
