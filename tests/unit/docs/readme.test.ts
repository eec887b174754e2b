import { existsSync, readdirSync, readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import path from "node:path";
import { runInThisContext } from "node:vm";
import type { Command } from "commander";
import ts from "typescript";
import { summary } from "../../../cli/engine/summary";
import { createProgram } from "../../../cli/main";
import { createProgress } from "../../../cli/progress";
import { workloadTable } from "../../../cli/workloads/table";
import { emptyRelease } from "../../../components/app/release";
import { loadProject } from "../../../stacks/project";
import { admissionOf } from "../../../stacks/project/admission";
import type { ClusterStep } from "../../../toolchain/cluster/report";
import { resolve } from "../../support/apps";
import { readReadme } from "../../support/readme";

const root = path.resolve(__dirname, "../../..");
const readme = readReadme();
const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

describe("every command that the README names", () => {
  test("there are some", () => {
    expect(readme.commands.length).toBeGreaterThan(10);
    expect(readme.scripts).toEqual(expect.arrayContaining(["up", "test"]));
  });

  test.each(readme.commands)("petrichor %s", (line) => {
    expect(mistakeIn(createProgram(), line.split(/\s+/))).toBeUndefined();
  });

  test.each(readme.scripts)("npm run %s", (script) => {
    expect(Object.keys(scripts)).toContain(script);
  });

  test("npm run up makes the environment local", () => {
    expect(scripts.up).toBe("petrichor up");
    const [environment] =
      createProgram().commands.find((command) => command.name() === "up")?.registeredArguments ?? [];
    expect(environment?.defaultValue).toBe("local");
  });
});

test.each(readme.links)("the link to %s leads somewhere", (link) => {
  expect(existsSync(path.join(root, link))).toBe(true);
});

test("the map names every folder of the project, and every guide is linked", () => {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() && !/^(\.|node_modules$|dist$|coverage$|bench-results$|releases$)/.test(entry.name),
    )
    .map(({ name }) => name);
  const mapped = new Set(readme.links.map((link) => link.split("/")[0]));
  expect(folders.filter((folder) => !mapped.has(folder))).toEqual([]);
  const components = readdirSync(path.join(root, "components"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `components/${name}`);
  expect(components.filter((folder) => !readme.links.includes(folder))).toEqual([]);
  const guides = readdirSync(path.join(root, "docs/guide")).map((name) => `docs/guide/${name}`);
  expect(guides.filter((guide) => !readme.links.includes(guide))).toEqual([]);
});

describe("the transcript", () => {
  beforeAll(() => {
    process.env.NO_COLOR = "1";
  });

  const { command, lines } = readme.transcript;
  const marked = lines.filter((line) => line.startsWith("✓"));
  const project = loadProject({ root, stack: "local", release: helloRelease() });
  const hello = project.apps.find(({ model }) => model.name === "hello");
  const made = [...admissionOf(project), ...(hello?.objects ?? [])];

  test("begins with a command and is told by the lines that the command prints", async () => {
    expect(command).toBe("up local");
    const clusterSteps = ["configuration", "images", "control plane", "system", "node"] satisfies ClusterStep[];
    const created = made.map(({ kind, metadata: { namespace, name } }) =>
      namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`,
    );
    const expected = await printed([
      ...clusterSteps.map((step) => ({ title: `starting cluster local: ${step}` })),
      { title: "building hello/web", detail: /sha256:[a-f0-9]{12}/.exec(marked.join("\n"))?.[0] },
      ...created.map((title) => ({ title: `creating ${title}` })),
    ]);
    expect(marked.map(withoutTime).sort()).toEqual(expected.map(withoutTime).sort());
  });

  test("ends with the table of workloads and the count of changes, and holds nothing else", () => {
    const rest = lines.filter((line) => !line.startsWith("✓")).join("\n");
    const [, image = "", address = ""] = /hello\/web@([a-f0-9]{12})\s+(http:\S+)/.exec(rest) ?? [];
    const table = workloadTable([
      {
        stack: "local",
        app: "hello",
        workload: "web",
        namespace: "hello",
        object: "deployment/web",
        kind: "Deployment",
        ready: 1,
        wanted: 1,
        image: `registry.petrichor.internal/hello/web@sha256:${image.padEnd(64, "0")}`,
        addresses: [address],
        since: "2026-01-01T00:00:00Z",
      },
    ]);
    const changes = made.map(({ kind }) => ({
      urn: kind,
      operation: "create" as const,
      title: kind,
      properties: [],
    }));
    expect(address).toMatch(/^http:\/\/127\.\d+\.\d+\.\d+:8080$/);
    expect(`${rest}\n`).toBe(`\n${table}\n\n${summary("local", { changes, unchanged: 0 })}\n`);
  });
});

describe("the apps that are shown", () => {
  test("the first is the one that the transcript runs", () => {
    expect(Object.keys(readme.apps)).toEqual(["apps/hello/app.ts", "apps/shop/app.ts"]);
  });

  test.each(Object.keys(readme.apps))("%s is the real one, but for the comment above it", (file) => {
    const comment = /^\/\*\*.*\*\/\n(?=export default)/m;
    const written = readFileSync(path.join(root, file), "utf8").replace(comment, "");
    expect(readme.apps[file]?.replace(comment, "")).toBe(written);
  });

  test.each(Object.keys(readme.apps))(
    "%s compiles",
    (file) => {
      const text = readme.apps[file] ?? "";
      expect(compileErrors(path.join(root, file), text)).toEqual([]);
      expect(compileErrors(path.join(root, file), text.replace("port:", "prot:"))).not.toEqual([]);
    },
    60_000,
  );

  test("they resolve", () => {
    const built = { image: `registry.example.com/shop/any@sha256:${"b".repeat(64)}` };
    const definitions = Object.entries(readme.apps).map(([file, text]) => evaluate(path.join(root, file), text));
    const models = resolve(definitions, {
      ...emptyRelease,
      apps: { hello: { web: built }, shop: { web: built, api: built, worker: built, queue: built, report: built } },
    });
    const workloads = models.flatMap(({ name, workloads }) => workloads.map((workload) => `${name}/${workload.name}`));
    expect(workloads.sort()).toEqual(["hello/web", "shop/api", "shop/queue", "shop/report", "shop/web", "shop/worker"]);
  });
});

/** What a command line gets wrong: an unknown command, a missing or extra argument, an unknown option. */
function mistakeIn(command: Command, words: readonly string[]): string | undefined {
  const [first = "", ...others] = words;
  const inner = command.commands.find((one) => one.name() === first);
  if (inner !== undefined) return mistakeIn(inner, others);
  if (command.commands.length > 0) return first === "--help" ? undefined : `no command ${first}`;
  const known = new Set(["--help", ...command.options.flatMap(({ long }) => long ?? [])]);
  const unknown = words.find((word) => word.startsWith("--") && word !== "--" && !known.has(word));
  if (unknown !== undefined) return `no option ${unknown}`;
  const given = words.filter((word) => !word.startsWith("--")).length;
  const required = command.registeredArguments.filter((argument) => argument.required).length;
  return given < required ? "too few arguments" : undefined;
}

/** What the plain progress prints for these steps. */
async function printed(steps: readonly { title: string; detail?: string | undefined }[]): Promise<string[]> {
  const stream = new PassThrough();
  const progress = createProgress({ stream: stream as unknown as NodeJS.WriteStream });
  for (const { title, detail } of steps) progress.step(title).done(detail);
  stream.end();
  const chunks = (await stream.toArray()) as Buffer[];
  return Buffer.concat(chunks).toString().trimEnd().split("\n");
}

function withoutTime(line: string): string {
  expect(line).toMatch(/ \(\d+\.\d s\)$/);
  return line.replace(/\(\d+\.\d s\)$/, "(time)");
}

function helloRelease(): typeof emptyRelease {
  return {
    ...emptyRelease,
    apps: { hello: { web: { image: `registry.petrichor.internal/hello/web@sha256:${"c".repeat(64)}` } } },
  };
}

/** What the compiler says of a file with this text in that place. */
function compileErrors(file: string, text: string): string[] {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), (name) => ts.sys.readFile(name)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [file] }, ts.sys, root);
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => name === file || disk.fileExists(name),
    readFile: (name) => (name === file ? text : disk.readFile(name)),
    getSourceFile: (name, ...rest) =>
      name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : disk.getSourceFile(name, ...rest),
  };
  const program = ts.createProgram([file], { ...options, incremental: false, types: ["node"] }, host);
  const source = program.getSourceFile(file);
  return ts
    .getPreEmitDiagnostics(program, source)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** The default export of a module with this text in that place. */
function evaluate(file: string, text: string): unknown {
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const module = { exports: {} as { default?: unknown } };
  const load = (name: string): unknown => jest.requireActual(path.resolve(path.dirname(file), name));
  const run = runInThisContext(`(function (require, module, exports) {${outputText}\n})`) as (
    ...given: unknown[]
  ) => void;
  run(load, module, module.exports);
  return module.exports.default;
}
