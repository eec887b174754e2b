import { readFileSync } from "node:fs";
import path from "node:path";
import { clusterStatus } from "../../toolchain/cluster/status";
import { describeEmbedded, eventually } from "../support/embedded";
import { askGateway } from "../support/gateway";
import { TestProject } from "../support/project";

jest.setTimeout(1_200_000);

const url = "https://web-hello.petrichor.localhost";

describeEmbedded("a stack with engines", () => {
  let project: TestProject;
  beforeAll(() => {
    project = new TestProject();
    const stack = project.read("stacks/local.ts");
    project.write(
      "stacks/local.ts",
      stack.replace("domain:", 'engines: ["envoy-gateway", "keda-http-add-on"],\n  domain:'),
    );
    const app = project.read("apps/hello/app.ts");
    project.write("apps/hello/app.ts", app.replace('{ host: "auto" }', '{ host: "auto" }, { l4: "auto" }'));
  });
  afterAll(() => {
    project.delete();
  });

  async function run(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await project.run(args);
    if (code !== 0) throw new Error(`petrichor ${args.join(" ")} ended with ${code}:\n${stderr}${stdout}`);
    return stdout;
  }

  async function loopback(): Promise<string> {
    return (await clusterStatus({ name: "local", home: project.home })).addresses?.loadBalancerAddress ?? "";
  }

  async function ask(): Promise<string> {
    const authority = readFileSync(path.join(project.home, "certificates/petrichor.localhost/ca.crt"), "utf8");
    return (await askGateway(url, { address: await loopback(), authority })).body;
  }

  test("up prints a host with TLS and a port, and both answer", async () => {
    const printed = await run("up", "local");
    expect(printed).toContain(url);
    expect(printed).toContain(`tcp://${await loopback()}:30000`);
    await eventually(async () => {
      expect(await ask()).toBe("Hello, world!\n");
      const address = `http://${await loopback()}:30000/`;
      const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) });
      expect(await answer.text()).toBe("Hello, world!\n");
    }, 120_000);
  });

  test("the port is kept in the release file, and previews show it without writing", async () => {
    const file = path.join(project.home, "releases/local.yaml");
    const before = readFileSync(file, "utf8");
    expect(before).toMatch(/ports:\s+http: 30000/);
    expect(await run("render", "local")).toContain("TCPRoute");
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("the first page of an app is found by its name, and everything that runs is listed by digest", async () => {
    expect(await run("open", "hello", "--print")).toBe(`${url}/\n`);
    const [bundle] = JSON.parse(await run("bundle", "-s", "local", "--json")) as {
      images: { image: string; digest?: string }[];
      manifests: { engine: string }[];
    }[];
    expect(bundle?.images.filter(({ digest }) => digest === undefined)).toEqual([]);
    expect(bundle?.images.map(({ image }) => image).join(" ")).toMatch(/hello\/web@.*envoy-image@/);
    expect(bundle?.manifests.map(({ engine }) => engine)).toContain("envoy-gateway");
  });

  test("a second up changes nothing", async () => {
    expect(await run("up", "local")).toMatch(/^local: \d+ unchanged$/m);
  });

  test("down takes everything away while the engines still hold their finalizers, and nothing hangs", async () => {
    expect(await run("down", "local")).toMatch(/^local: \d+ deleted, 0 unchanged$/m);
    const { stdout } = await project.shell("kubectl get namespaces,gatewayclasses,crds -o name");
    expect(stdout).not.toMatch(/petrichor-gateway|keda|gateway\.networking/);
  });
});
