import { existsSync } from "node:fs";
import path from "node:path";
import { embeddedFacts } from "../../components/cluster/embedded";
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

  test("a cluster that does not answer", async () => {
    project.write("kubeconfig", unreachableKubeconfig("https://127.0.0.1:9"));
    project.write("stacks/local.ts", stackElsewhere(path.join(project.folder, "kubeconfig")));
    await expect(mistake("up", "local")).resolves.toMatch(/^4 [^]*error: .*does not answer.*\[CLUSTER_UNREACHABLE\]/);
  });

  test("a command line that can't be understood", async () => {
    await expect(mistake("upp")).resolves.toMatch(/^2 error: unknown command 'upp'.*Did you mean up\?/);
  });
});

/** The way to a cluster at an address where nobody listens. */
function unreachableKubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "away", cluster: { server } }],
    contexts: [{ name: "away", context: { cluster: "away", user: "away" } }],
    users: [{ name: "away", user: {} }],
  });
}

/** The stack `local` on a cluster that is there already. */
function stackElsewhere(kubeconfig: string): string {
  const facts = { ...embeddedFacts, loadBalancer: "none" };
  const cluster = { kind: "existing", context: "away", kubeconfig, facts };
  return `export default ${JSON.stringify({ environment: "local", clusters: { away: cluster }, domain: "localhost", apps: [] })};\n`;
}
