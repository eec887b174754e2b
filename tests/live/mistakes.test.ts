import { existsSync } from "node:fs";
import path from "node:path";
import { TestProject } from "../support/project";

jest.setTimeout(120_000);

describe("a mistake gets one clear message, and nothing is applied", () => {
  let project: TestProject;

  beforeEach(() => {
    project = new TestProject();
  });
  afterEach(() => {
    expect(existsSync(path.join(project.home, "clusters"))).toBe(false);
    project.delete();
  });

  async function mistake(...args: readonly string[]): Promise<string> {
    const { code, stderr } = await project.run(args);
    return `${code} ${stderr.replaceAll("\n", " ")}`;
  }

  test("an unknown stack, with the one that was meant", async () => {
    await expect(mistake("up", "locl")).resolves.toMatch(
      /^2 error: there is no stack "locl". Did you mean "local"\?.*\[STACK_UNKNOWN\]/,
    );
  });

  test("an app file that does not compile, with its line", async () => {
    project.write("apps/hello/app.ts", "export default {\n  name: hello world\n};\n");
    await expect(mistake("up", "local")).resolves.toMatch(/^2 error: apps\/hello\/app\.ts:2: .*\[APP_FILE_BROKEN\]/);
  });

  test("an app file that is not YAML, with its line", async () => {
    project.write("apps/other/app.yaml", "name: other\nworkloads: [\n");
    await expect(mistake("up", "local")).resolves.toMatch(/^2 error: apps\/other\/app\.yaml:\d: .*\[APP_FILE_BROKEN\]/);
  });

  test("a field that breaks the schema, with file, line and field", async () => {
    const app = project.read("apps/hello/app.ts").replace("port: 8080", "port: 8080,\n      replicas: -1");
    project.write("apps/hello/app.ts", app);
    const line = app.split("\n").findIndex((text) => text.includes("replicas: -1")) + 1;
    await expect(mistake("up", "local")).resolves.toMatch(
      new RegExp(
        `^2 error: apps/hello/app\\.ts:${line}: app "hello", workload "web": replicas is -1.*\\[FIELD_RANGE\\]`,
      ),
    );
  });

  test("a command line that can't be understood", async () => {
    await expect(mistake("upp")).resolves.toMatch(/^2 error: unknown command 'upp'.*Did you mean up\?/);
  });
});
