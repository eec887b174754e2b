import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as typescript from "typescript";
import { createApp, type Wanted } from "../../../cli/init/create";
import { kinds } from "../../../components/app/definition/workload";
import { appObjects } from "../../../components/app/objects/app";
import { loadApps } from "../../../stacks/project";
import { errorsOf, facts, image, resolve } from "../../support/apps";

jest.setTimeout(300_000);

const project = path.resolve(__dirname, "../../..");
const root = mkdtempSync(path.join(tmpdir(), "petrichor-init-"));

beforeAll(() => {
  for (const part of ["components", "node_modules"]) symlinkSync(path.join(project, part), path.join(root, part));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function wanted(more: Partial<Wanted>): Wanted {
  return { folder: "guestbook", kind: "service", language: "go", format: "ts", ...more };
}

const cases = Object.keys(kinds).flatMap((kind) =>
  ["ts", "yaml"].flatMap((format) => [
    { name: `${kind}-${format}-source`, kind, format },
    { name: `${kind}-${format}-image`, kind, format, image },
  ]),
);

describe("a new app", () => {
  beforeAll(() => {
    for (const { name, ...rest } of cases) createApp(root, wanted({ folder: name, ...rest }));
  });

  test.each(cases)("$name resolves and renders", ({ name, kind }) => {
    const found = loadApps(root).find(({ file }) => file.startsWith(`apps/${name}/`));
    const digests = { [Object.keys((found?.definition as { workloads: object }).workloads)[0] ?? ""]: { image } };
    const [model] = resolve([found?.definition], { apps: { [name]: digests } } as never);
    expect(model?.name).toBe(name);
    expect(model?.workloads.map((workload) => workload.kind)).toEqual([kind]);
    if (model !== undefined) expect(appObjects(model, facts).length).toBeGreaterThan(4);
  });

  test("written in TypeScript has no mistake that the compiler knows", () => {
    const { options } = typescript.parseJsonConfigFileContent(
      typescript.readConfigFile(path.join(project, "tsconfig.json"), (file) => typescript.sys.readFile(file)).config,
      typescript.sys,
      project,
    );
    const files = cases
      .filter(({ format }) => format === "ts")
      .map(({ name }) => path.join(root, "apps", name, "app.ts"));
    expect(files.length).toBeGreaterThan(0);
    const program = typescript.createProgram(files, { ...options, incremental: false, types: [] });
    const own = typescript.getPreEmitDiagnostics(program).filter(({ file }) => files.includes(file?.fileName ?? ""));
    expect(own.map(({ messageText }) => typescript.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
  });

  test("has source that the compiler and its linter take", () => {
    for (const kind of ["service", "worker", "job"]) {
      const folder = path.join(root, "apps", `${kind}-ts-source`, "src");
      const env = { ...process.env, GOFLAGS: "-mod=mod", GOWORK: "off", CGO_ENABLED: "0" };
      expect(execFileSync("gofmt", ["-l", folder], { encoding: "utf8" })).toBe("");
      execFileSync("go", ["vet", "."], { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
    }
  });

  test("is formatted as the project is", () => {
    const prettier = path.join(project, "node_modules/prettier/bin/prettier.cjs");
    const settings = path.join(project, ".prettierrc.json");
    const files = cases.map(({ name, format }) => path.join(root, "apps", name, `app.${format}`));
    execFileSync(process.execPath, [prettier, "--config", settings, "--check", ...files], { cwd: root });
  });
});

test("a folder that holds anything is left as it is", () => {
  createApp(root, wanted({ folder: "mine" }));
  const file = path.join(root, "apps/mine/app.ts");
  writeFileSync(file, "// mine\n");
  const errors = errorsOf(() => createApp(root, wanted({ folder: "mine", format: "yaml" })));
  expect(errors.map(String)).toEqual([
    "apps/mine/app.ts: apps/mine has files already. Take another name. [FOLDER_TAKEN]",
  ]);
  expect(readFileSync(file, "utf8")).toBe("// mine\n");
  expect(existsSync(path.join(root, "apps/mine/app.yaml"))).toBe(false);
});

test("an empty folder that is there is taken, by its path too", () => {
  mkdirSync(path.join(root, "apps/empty"), { recursive: true });
  expect(createApp(root, wanted({ folder: "apps/empty" })).files).toEqual([
    "apps/empty/app.ts",
    "apps/empty/src/go.mod",
    "apps/empty/src/main.go",
  ]);
});

test.each<[Partial<Wanted>, string]>([
  [
    { kind: "servce" },
    'FIELD_VALUE --kind is "servce", which is not "service", "stateful", "worker", "job", "cron" or "daemon". Did you mean "service"?',
  ],
  [{ language: "cobol" }, 'FIELD_VALUE --language is "cobol", which is not "go". Take "go".'],
  [{ format: "json" }, 'FIELD_VALUE --format is "json", which is not "ts" or "yaml". Take "ts" or "yaml".'],
  [{ image: "Not An Image" }, 'FIELD_FORMAT --image is "Not An Image", which is no image. Write an image reference,'],
  [
    { folder: "My_App" },
    'FIELD_NAME "My_App" can\'t be the name of an app. Write lower-case letters, digits and dashes',
  ],
  [{ folder: "../elsewhere/app" }, 'FIELD_VALUE the folder "../elsewhere/app" is not one of apps/'],
])("%j is refused and nothing is made", (more, answer) => {
  const asked = wanted({ folder: "refused", ...more });
  const errors = errorsOf(() => createApp(root, asked));
  expect(errors.map(({ code, message, fix }) => `${code} ${message} ${fix}`)).toEqual([
    expect.stringContaining(answer),
  ]);
  expect(existsSync(path.join(root, "apps/refused"))).toBe(false);
});
