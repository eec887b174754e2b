import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build, type BuildResult, type Plugin } from "esbuild";

const root = path.dirname(__dirname);
const output = path.join(__dirname, "dist/pack.js");
/** What decides, beside the sources themselves, what is compiled: how, by which version of the compiler, and with which packages. */
const settings = ["policies/compile.ts", "package-lock.json", "tsconfig.json"];

/** A source finds files beside itself, wherever the compiled program lies. */
const ownFolders: Plugin = {
  name: "own folders",
  setup: (building) => {
    building.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
      const source = readFileSync(file, "utf8");
      const from = path.relative(path.dirname(output), path.dirname(file));
      const folder = `require("node:path").join(__dirname, ${JSON.stringify(from)})`;
      return { loader: "ts", contents: source.replaceAll("__dirname", folder) };
    });
  },
};

/**
 * Compiles the policy pack into one file: a start that reads some hundred TypeScript files takes longer than the judgement. Packages are
 * compiled in, but for Pulumi's own: its runner has them loaded already.
 */
async function compile(): Promise<void> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["policies/pack.ts"],
    outfile: output,
    bundle: true,
    platform: "node",
    target: "node20",
    external: ["@pulumi/*", "tsx", "typescript"],
    sourcemap: "inline",
    sourcesContent: false,
    metafile: true,
    write: false,
    plugins: [ownFolders],
  });
  const program = result.outputFiles[0]?.text.trimEnd() ?? "";
  writeWhole(`${program}\n//${JSON.stringify(digestsOf(result.metafile))}`);
}

/** Digests of the project's own sources; packages are those of the lock file. */
function digestsOf({ inputs }: NonNullable<BuildResult["metafile"]>): Readonly<Record<string, string>> {
  const sources = Object.keys(inputs).filter((file) => !file.includes("node_modules/"));
  return Object.fromEntries([...settings, ...sources.sort()].map((file) => [file, digestOf(file)]));
}

function digestOf(file: string): string {
  return createHash("sha256")
    .update(readFileSync(path.join(root, file)))
    .digest("base64");
}

/** Several previews may start at once; none may read half a file. */
function writeWhole(text: string): void {
  mkdirSync(path.dirname(output), { recursive: true });
  const unfinished = `${output}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, output);
}

void compile();
