import { readFileSync } from "node:fs";
import path from "node:path";
import { Kubectl } from "../../cli/kubectl";
import { clusterStatus } from "../../toolchain/cluster/status";
import { toolPath } from "../../toolchain/locate";
import { patience, ReplicasSeen } from "../live/scaling/cluster";
import { type Gateway, SteadyLoad } from "../live/scaling/load";
import { describeEmbedded, eventually } from "../support/embedded";
import { askGateway } from "../support/gateway";
import { TestProject } from "../support/project";

jest.setTimeout(1_200_000);

const url = "https://web-hello.petrichor.localhost";

/** An app of one service: a replica for every five requests a second, and what a version says. */
const app = (greeting: string): string => `import { defineApp, folder, service } from "../../components/app/definition";

export default defineApp({
  name: "hello",
  owner: "team-hello",
  workloads: {
    web: service({
      source: folder("./src"),
      port: 8080,
      env: { GREETING: "${greeting}" },
      expose: [{ host: "auto" }],
      resources: { cpu: "10m", memory: "32Mi" },
      scale: { min: 1, max: 8, on: [{ rps: 5 }], window: { down: "5m" } },
    }),
  },
});
`;

describeEmbedded("an app that is updated while it scales", () => {
  let project: TestProject;
  let kubectl: Kubectl;
  let gateway: Gateway;
  const running: { readonly stop: () => Promise<unknown> }[] = [];

  beforeAll(async () => {
    project = new TestProject();
    const stack = project.read("stacks/local.ts");
    project.write(
      "stacks/local.ts",
      stack.replace("domain:", 'engines: ["envoy-gateway", "keda-http-add-on"],\n  domain:'),
    );
    await up("Good morning");
    const { addresses } = await clusterStatus({ name: "local", home: project.home });
    if (addresses === undefined) throw new Error("the cluster has no addresses");
    kubectl = new Kubectl((await toolPath("kubectl")) ?? "kubectl", ["--kubeconfig", addresses.kubeconfig], "local");
    const authority = readFileSync(path.join(project.home, "certificates/petrichor.localhost/ca.crt"), "utf8");
    gateway = { address: addresses.loadBalancerAddress, authority };
    await untilAnswered("Good morning, world!\n");
  });
  afterAll(async () => {
    await Promise.all(running.map((one) => one.stop()));
    project.delete();
  });

  /** Runs a version of the app by the command, and gives what that printed. */
  async function up(greeting: string): Promise<string> {
    project.write("apps/hello/app.ts", app(greeting));
    const { code, stdout, stderr } = await project.run(["up", "local"]);
    if (code !== 0) throw new Error(`petrichor up ended with ${code}:\n${stderr}${stdout}`);
    return stdout;
  }

  async function untilAnswered(body: string): Promise<void> {
    await eventually(async () => {
      expect((await askGateway(url, gateway)).body).toBe(body);
    }, patience);
  }

  async function replicas(field: "spec.replicas" | "status.readyReplicas"): Promise<number> {
    const args = ["--namespace", "hello", "get", "deployment/web", "--output", `jsonpath={.${field}}`];
    return Number(await kubectl.text(...args));
  }

  test("up changes no number of replicas, rolls a version out, and no request is lost", async () => {
    const load = new SteadyLoad(url, gateway, 19);
    const seen = new ReplicasSeen(() => replicas("spec.replicas"));
    running.push(load, seen);
    // The first steps of growth have come, others may follow.
    await eventually(async () => {
      expect(await replicas("spec.replicas")).toBeGreaterThan(1);
    }, patience);
    expect(await up("Good morning")).toMatch(/^local: \d+ unchanged$/m);
    expect(await up("Good evening")).toMatch(/^local: 1 updated, \d+ unchanged$/m);
    await untilAnswered("Good evening, world!\n");
    await eventually(async () => {
      expect(await replicas("status.readyReplicas")).toBe(4);
    }, patience);
    await seen.stop();
    expect(seen.counts).toEqual([...seen.counts].sort((left, right) => left - right));
    expect(seen.counts.at(-1)).toBe(4);
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(100);
  });
});
