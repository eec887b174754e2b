import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { Program } from "./programs";

/** Modules of go.mod beside this file, whose test data are programs; go.sum has what they must be. */
const modules = {
  /** The official plugin's sources, with the programs of its acceptance tests. */
  plugin: "github.com/pulumi/pulumi-kubernetes@v1.6.0",
  /** The engine's sources, with the programs that its code generator makes. */
  engine: "github.com/pulumi/pulumi/pkg/v3@v3.0.0",
  /** The Gateway API's definitions, with examples of objects of their kinds. */
  gateway: "sigs.k8s.io/gateway-api@v1.6.1",
} as const;

export type Module = keyof typeof modules;
export type Source = Module | "sdk";

/** The project folders of a program's versions; those of a program in one file are made in the given folder. */
export async function projectsOf(program: Program, folder: string): Promise<readonly string[]> {
  const { source, path, versions = ["."], example, manifests = [] } = program;
  if (source === "sdk") {
    const made = project(exampleIn(require.resolve(`@pulumi/kubernetes/${path}`), example), folder);
    for (const [module, file] of manifests) {
      cpSync(join(await moduleFolder(module), file), join(made, "yaml", basename(file)));
    }
    return [made];
  }
  const found = join(await moduleFolder(source), path);
  if (path.endsWith(".ts")) return [project(readFileSync(found, "utf8"), folder)];
  return versions.map((version) => join(found, version));
}

/** Folder of a module, fetched if need be. A module that is not what go.sum says fails. */
async function moduleFolder(module: Module): Promise<string> {
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", modules[module]], {
    cwd: __dirname,
    env: { ...process.env, GOFLAGS: "-mod=readonly", GOWORK: "off" },
  });
  return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
}

/** The first program below a heading in the documentation of a class of the SDK, which the project's lock file pins. */
function exampleIn(declarations: string, heading?: string): string {
  const documentation = readFileSync(declarations, "utf8");
  const start = heading === undefined ? 0 : documentation.indexOf(`### ${heading}\n`);
  const example = start < 0 ? undefined : /```typescript\n([^]*?)```/.exec(documentation.slice(start))?.[1];
  if (example === undefined) throw new Error(`no such example in ${declarations}`);
  return example.replace(/^ \* ?/gm, "");
}

function project(program: string, folder: string): string {
  const made = mkdtempSync(join(folder, "project-"));
  writeFileSync(join(made, "index.ts"), program);
  writeFileSync(join(made, "Pulumi.yaml"), "name: single\nruntime: nodejs\n");
  writeFileSync(join(made, "package.json"), JSON.stringify({ name: "single", main: "index.ts" }));
  return made;
}
