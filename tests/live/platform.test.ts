import { readFileSync } from "node:fs";
import path from "node:path";
import { clusterStatus } from "../../toolchain/cluster/status";
import { askOnce } from "../support/ask";
import { describeEmbedded, eventually } from "../support/embedded";
import { askGateway } from "../support/gateway";
import { TestProject } from "../support/project";

jest.setTimeout(1_200_000);

const url = "https://web-hello.petrichor.localhost";
const napping = "https://nap-hello.petrichor.localhost";

/** A custom resource of an engine's kind that somebody else made. */
const foreign = "--namespace default scaledobject/foreign";
const foreignScaler = {
  apiVersion: "keda.sh/v1alpha1",
  kind: "ScaledObject",
  metadata: { name: "foreign", namespace: "default" },
  spec: {
    scaleTargetRef: { name: "nobody" },
    triggers: [{ type: "cpu", metricType: "Utilization", metadata: { value: "50" } }],
  },
};

/** A second workload of the app, which sleeps, in a version that says so and listens there. */
const nap = (greeting: string, port: number): string => `
    nap: service({
      source: folder("./src"),
      port: 8080,
      env: { GREETING: "${greeting}", PORT: "${port}" },
      expose: [{ host: "auto" }],
      scale: { min: 0, max: 8, on: [{ concurrency: 10 }], cooldown: "5s" },
    }),
  },
});
`;

describeEmbedded("a stack with engines", () => {
  let project: TestProject;
  let original: string;
  beforeAll(() => {
    project = new TestProject();
    const stack = project.read("stacks/local.ts");
    project.write(
      "stacks/local.ts",
      stack.replace("domain:", 'engines: ["envoy-gateway", "keda-http-add-on"],\n  domain:'),
    );
    original = project.read("apps/hello/app.ts");
    writeApp("Good morning", 8080);
  });
  afterAll(() => {
    project.delete();
  });

  /** Writes the app with a port at the load balancer, and with what sleeps. */
  function writeApp(...version: Parameters<typeof nap>): void {
    const app = original.replace('{ host: "auto" }', '{ host: "auto" }, { l4: "auto" }');
    project.write("apps/hello/app.ts", app.replace(/ {2}},\n}\);\n$/, nap(...version).slice(1)));
  }

  async function untilAsleep(): Promise<void> {
    await eventually(async () => {
      const { stdout } = await project.shell("kubectl get pods -n hello -l app.kubernetes.io/name=nap -o name");
      expect(stdout).toBe("");
    }, 240_000);
  }

  async function run(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await project.run(args);
    if (code !== 0) throw new Error(`petrichor ${args.join(" ")} ended with ${code}:\n${stderr}${stdout}`);
    return stdout;
  }

  async function loopback(): Promise<string> {
    return (await clusterStatus({ name: "local", home: project.home })).addresses?.loadBalancerAddress ?? "";
  }

  async function ask(page = url): Promise<string> {
    const authority = readFileSync(path.join(project.home, "certificates/petrichor.localhost/ca.crt"), "utf8");
    return (await askGateway(page, { address: await loopback(), authority })).body;
  }

  test("up prints a host with TLS and a port, and both answer", async () => {
    const { code, stdout: printed, stderr } = await project.run(["up", "local"]);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("warning")]);
    expect(printed).toContain(url);
    expect(printed).toContain(`tcp://${await loopback()}:30000`);
    await eventually(async () => {
      expect(await ask()).toBe("Hello, world!\n");
      expect(await askOnce(`http://${await loopback()}:30000/`)).toBe("Hello, world!\n");
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
    expect(await run("open", "hello/web", "--print")).toBe(`${url}/\n`);
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

  test("what may sleep does, its first request wakes it and is answered, and it sleeps again", async () => {
    await untilAsleep();
    expect(await ask(napping)).toBe("Good morning, world!\n");
    await untilAsleep();
  });

  test("a version that crashes fails the up although nobody asks for it, and the next one wakes", async () => {
    writeApp("Good evening", 70_000);
    const failed = await project.run(["up", "local"]);
    expect(failed).toMatchObject({ code: 4 });
    expect(failed.stderr + failed.stdout).toMatch(/"hello", workload "nap"[^]*invalid port[^]*APP_CRASHED/);

    writeApp("Good night", 8080);
    const { code, stderr } = await project.run(["up", "local"]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("wake hello/nap")]);
    await untilAsleep();
    expect(await ask(napping)).toBe("Good night, world!\n");
  });

  /** Replaces the engines of the stack; the app asks nothing of any. */
  function writeEngines(...engines: readonly string[]): void {
    const stack = project.read("stacks/local.ts");
    project.write("stacks/local.ts", stack.replace(/engines: .*/, `engines: ${JSON.stringify(engines)},`));
    project.write("apps/hello/app.ts", original);
  }

  test("an engine that an app needs, or what others made on the cluster, can't be taken out", async () => {
    const stack = project.read("stacks/local.ts");
    project.write("stacks/local.ts", stack.replace("keda-http-add-on", "keda"));
    const byApp = await project.run(["up", "local"]);
    expect([byApp.code, byApp.stderr]).toEqual([
      2,
      expect.stringMatching(/apps\/hello\/app\.ts:\d+: app "hello", workload "nap": .*\[ENGINE_LACKING\]/),
    ]);

    await project.shell(`kubectl apply -f - <<< '${JSON.stringify(foreignScaler)}'`);
    await eventually(async () => {
      expect((await project.shell(`kubectl get ${foreign} -o jsonpath={.metadata.finalizers}`)).stdout).not.toBe("");
    }, 120_000);
    writeEngines("gateway-api");
    const byOthers = await project.run(["up", "local"]);
    expect(byOthers).toMatchObject({ code: 2 });
    expect(byOthers.stderr).toMatch(/engine "keda" .*ScaledObject default\/foreign\.[^]*\[ENGINE_NEEDED\]/);
  });

  test("down takes everything away while the engines still hold their finalizers, nothing hangs, and definitions stay", async () => {
    const told = await run("down", "local");
    expect(told).toMatch(/^local: \d+ deleted, 0 unchanged$/m);
    expect(told).toMatch(/^keda +\d+ +1$/m);
    expect(told).toContain("`petrichor crds delete keda -s local`");
    const { stdout } = await project.shell(
      `kubectl get namespaces,gatewayclasses -o name; kubectl get ${foreign} -o name`,
    );
    expect(stdout).not.toMatch(/petrichor-gateway|namespace\/keda|gatewayclass/);
    expect(stdout).toContain("scaledobject.keda.sh/foreign");
  });

  test("the next up takes definitions over again", async () => {
    expect(await run("up", "local")).toContain("`petrichor crds delete keda -s local`");
    const rows = (await run("crds", "list", "local")).split("\n").map((row) => row.trim().split(/ {2,}/));
    expect(rows).toContainEqual(["gateway-api", "httproutes.gateway.networking.k8s.io", "0", "used"]);
    expect(rows).toContainEqual(["keda", "scaledobjects.keda.sh", "1", "kept"]);
    const used = await project.run(["crds", "delete", "gateway-api", "-s", "local"]);
    expect([used.code, used.stderr]).toEqual([2, expect.stringContaining("[CRD_IN_USE]")]);
  });

  test("definitions are deleted by name, with what an engine that is gone has left finalizers on", async () => {
    await run("crds", "delete", "keda", "-s", "local");
    const { stdout } = await project.shell("kubectl get crds -o name");
    expect(stdout).not.toContain("scaledobjects.keda.sh");
    expect(stdout).toContain("httproutes.gateway.networking.k8s.io");
    const unknown = await project.run(["crds", "delete", "keda", "-s", "local"]);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("[CRD_UNKNOWN]")]);
  });
});
