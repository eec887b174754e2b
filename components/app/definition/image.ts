import { z } from "zod";
import { text } from "./scalars";

/** An image reference: registry and repository, with a digest, a tag or both. */
export type ImageReference = string;

export const image = text(
  /^(?=.{1,512}$)[a-z0-9]+([._-][a-z0-9]+)*(:[0-9]{1,5})?(\/[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[a-f0-9]{64})?$/,
  'an image reference, for example "registry.example.com/shop/web@sha256:…"',
).meta({
  description:
    "Image to run. A digest is what runs everywhere the same; a tag alone is pinned to its digest in the release file.",
  examples: ["registry.example.com/shop/web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"],
});

const relativeFolder = text(/^\.{1,2}(\/[^/\0]+)*\/?$/, 'a folder relative to the app file, for example "./src"');

/** Builders that turn source into an image without a Dockerfile. `auto` looks at the files. */
const language = z.enum(["auto", "go", "node", "python", "java", "dotnet", "php", "static"]);

const build = {
  language: language
    .meta({ description: "What the source is written in; `auto` finds it out from the files that are there." })
    .exactOptional(),
  version: text(/^\d+(\.\d+){0,2}$/, 'the version of the language in quotes, for example "1.26"')
    .meta({
      description: "Version of the language. Default: what the source asks for, else the newest the builder has.",
    })
    .exactOptional(),
  main: text(/^\.(\/[^/\0]+)*$/, 'a folder inside the source, for example "./cmd/web"')
    .meta({
      description:
        "Folder inside the source with the program to run, where there are several. Default: the source's root.",
    })
    .exactOptional(),
};

const folderSource = z.strictObject({
  folder: relativeFolder.meta({ description: "Folder with the source, relative to the app file." }),
  ...build,
});
const gitSource = z.strictObject({
  git: text(
    /^(https:\/\/|ssh:\/\/|git@)\S+$/,
    'the address of a Git repository, for example "https://git.example.com/shop/web.git"',
  ).meta({
    description: "Repository to build from.",
  }),
  ref: z
    .string()
    .min(1)
    .meta({ description: "Branch, tag or commit. Default: the repository's main branch." })
    .exactOptional(),
  path: text(/^[^/].*$/, "a folder inside the repository")
    .meta({ description: "Folder inside the repository. Default: its root." })
    .exactOptional(),
  ...build,
});
const archiveSource = z.strictObject({
  archive: text(/^https:\/\/\S+$/, "the https address of an archive").meta({
    description: "Address of a .tar.gz or .zip with the source.",
  }),
  sha256: text(/^[a-f0-9]{64}$/, "the SHA-256 of the archive, 64 hexadecimal digits").meta({
    description: "What the archive must hash to.",
  }),
  ...build,
});
const templateSource = z.strictObject({
  template: z.string().min(1).meta({ description: "Name of a template in the catalogue." }),
  version: z.string().min(1).meta({ description: "Version of the template." }),
});

/** Where the image of a workload is built from. */
export const source = z
  .union([folderSource, gitSource, archiveSource, templateSource], {
    error:
      'a source: { folder: "./src" }, { git: ADDRESS }, { archive: ADDRESS, sha256: HASH } or { template: NAME, version: VERSION }',
  })
  .meta({ description: "Source to build the image from; no Dockerfile is needed. Give this or `image`." });

export type Source = z.output<typeof source>;
export type FolderSource = z.output<typeof folderSource>;
type Build = Pick<FolderSource, "language" | "version" | "main">;

/** Source in a folder beside the app file. */
export function folder(path: string, options: Build = {}): Source {
  return { folder: path, ...options };
}

/** Source in a Git repository. */
export function git(address: string, options: Omit<z.output<typeof gitSource>, "git"> = {}): Source {
  return { git: address, ...options };
}

/** Source in an archive that is downloaded and checked against its hash. */
export function archive(address: string, options: Omit<z.output<typeof archiveSource>, "archive">): Source {
  return { archive: address, ...options };
}

/** Source from the catalogue of templates. */
export function template(name: string, options: Omit<z.output<typeof templateSource>, "template">): Source {
  return { template: name, ...options };
}
