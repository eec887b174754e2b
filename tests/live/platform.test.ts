import { readFileSync } from "node:fs";
import path from "node:path";
import { clusterStatus } from "../../toolchain/cluster/status";
import { describeEmbedded, eventually } from "../support/embedded";
import { askGateway } from "../support/gateway";
import { TestProject } from "../support/project";

jest.setTimeout(600_000);

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
  });
  afterAll(() => {
    project.delete();
  });

  async function run(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await project.run(args);
    if (code !== 0) throw new Error(`petrichor ${args.join(" ")} ended with ${code}:\n${stderr}${stdout}`);
    return stdout;
  }

  async function ask(): Promise<string> {
    const { addresses } = await clusterStatus({ name: "local", home: project.home });
    const authority = readFileSync(path.join(project.home, "certificates/petrichor.localhost/ca.crt"), "utf8");
    return (await askGateway(url, { address: addresses?.loadBalancerAddress ?? "", authority })).body;
  }

  test("up prints a host with TLS, and it answers", async () => {
    expect(await run("up", "local")).toContain(url);
    await eventually(async () => {
      expect(await ask()).toBe("Hello, world!\n");
    }, 120_000);
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
