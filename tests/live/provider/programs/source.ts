import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Program } from "./programs";

/** Modules of go.mod beside this file, whose test data are programs; go.sum has what they must be. */
const modules = {
  /** The official plugin's sources, with the programs of its acceptance tests. */
  plugin: "github.com/pulumi/pulumi-kubernetes@v1.6.0",
  /** The engine's sources, with the programs that its code generator makes. */
  engine: "github.com/pulumi/pulumi/pkg/v3@v3.0.0",
} as const;

export type Source = keyof typeof modules | "sdk";

/** The project folders of a program's versions; those of a program in one file are made in the given folder. */
export async function projectsOf(program: Program, folder: string): Promise<readonly string[]> {
  const { source, path, versions = ["."] } = program;
  if (source === "sdk") return [project(exampleIn(require.resolve(`@pulumi/kubernetes/${path}`)), folder)];
  const found = join(await moduleFolder(source), path);
  if (path.endsWith(".ts")) return [project(readFileSync(found, "utf8"), folder)];
  return versions.map((version) => join(found, version));
}

/** Folder of a module, fetched if need be. A module that is not what go.sum says fails. */
async function moduleFolder(source: keyof typeof modules): Promise<string> {
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", modules[source]], {
    cwd: __dirname,
    env: { ...process.env, GOFLAGS: "-mod=readonly", GOWORK: "off" },
  });
  return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
}

/** The first program in the documentation of a class of the SDK, which the project's lock file pins. */
function exampleIn(declarations: string): string {
  const example = /```typescript\n([^]*?)```/.exec(readFileSync(declarations, "utf8"))?.[1];
  if (example === undefined) throw new Error(`no example in ${declarations}`);
  return example.replace(/^ \* ?/gm, "");
}

function project(program: string, folder: string): string {
  const made = mkdtempSync(join(folder, "project-"));
  writeFileSync(join(made, "index.ts"), program);
  writeFileSync(join(made, "Pulumi.yaml"), "name: single\nruntime: nodejs\n");
  writeFileSync(join(made, "package.json"), JSON.stringify({ name: "single", main: "index.ts" }));
  return made;
}
