import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureTools } from "../../toolchain/build";
import { lineReporter } from "../../toolchain/report";
import { ControlPlane } from "./provider/control-plane";
import { Engine, type Resource, type Tools } from "./provider/engine";
import { type Fault, FaultyProxy, first } from "./provider/faulty-proxy";

// A real engine, plugin, API server and etcd; no nodes, so nothing here says how pods behave. What is faulty is the way
// between the plugin and the API server, or the server's process. After each test the plugin has stayed below its memory.

jest.setTimeout(5 * 60_000);

const firstBuild = 40 * 60_000;
const megabyte = 1_000_000;
/** Most resident memory that a plugin may ever have, in bytes. */
const memoryLimit = 300 * 2 ** 20;

let tools: Tools;
let plane: ControlPlane;
let proxy: FaultyProxy;
let engine: Engine;
let sampling: NodeJS.Timeout;
let peak: number;

beforeAll(async () => {
  const built = await ensureTools(["pulumi", "pulumi-language-nodejs", "pulumi-resource-kubernetes", "kubernetes"], {
    report: lineReporter(),
  });
  tools = built;
  plane = await new ControlPlane(built).start();
}, firstBuild);
afterAll(() => plane.stop());

beforeEach(async () => {
  proxy = new FaultyProxy(plane);
  engine = await new Engine(tools, { KUBECONFIG: plane.kubeconfig(await proxy.start()) }).create();
  peak = 0;
  sampling = setInterval(() => (peak = Math.max(peak, ...pluginMemory())), 100);
});
afterEach(async () => {
  clearInterval(sampling);
  proxy.stop();
  engine.remove();
  await plane.request("DELETE", "/api/v1/namespaces/default/configmaps");
  expect(peak).toBeGreaterThan(0);
  expect(peak).toBeLessThan(memoryLimit);
});

const configMap = (name: string, data: object = { key: "value" }, labels: object = {}): Resource => ({
  type: "kubernetes:core/v1:ConfigMap",
  name,
  inputs: {
    apiVersion: "v1",
    kind: "ConfigMap",
    // No controller is there to finish a deletion in the foreground.
    metadata: {
      name,
      namespace: "default",
      labels,
      annotations: { "pulumi.com/deletionPropagationPolicy": "background" },
    },
    data,
  },
});

async function liveNames(): Promise<readonly string[]> {
  const { text } = await plane.request("GET", "/api/v1/namespaces/default/configmaps");
  return (JSON.parse(text) as { items: { metadata: { name: string } }[] }).items
    .map(({ metadata }) => metadata.name)
    .sort();
}

const isCall = (verb: string) => (method: string, path: string) => method === verb && path.includes("/configmaps");

describe.each<[string, Fault, number]>([
  ["a connection cut before the server gets the request", "cut before", 2],
  ["a connection cut before the answer comes back", "cut after", 2],
  ["a storm of 429", { status: 429, reason: "TooManyRequests", headers: { "retry-after": "1" } }, 3],
  ["a storm of 409 over a newer version", { status: 409, reason: "Conflict" }, 3],
  ["a server that is going down", { status: 503, reason: "ServiceUnavailable" }, 2],
])("%s", (_title, fault, times) => {
  it("loses and doubles nothing in create, update, refresh and delete", async () => {
    proxy.fault = first(times, fault, isCall("POST"));
    expect(await engine.up([configMap("faulty")])).toMatchObject({ code: 0 });
    expect(await liveNames()).toEqual(["faulty"]);

    proxy.fault = first(times, fault, isCall("PATCH"));
    expect(await engine.up([configMap("faulty", { key: "value" }, { changed: "yes" })])).toMatchObject({ code: 0 });
    const { text } = await plane.request("GET", "/api/v1/namespaces/default/configmaps/faulty");
    expect(JSON.parse(text)).toMatchObject({ metadata: { labels: { changed: "yes" } } });

    proxy.fault = first(times, fault, isCall("GET"));
    expect(await engine.refresh()).toMatchObject({ code: 0 });
    expect(engine.state().has("faulty")).toBe(true);

    proxy.fault = first(times, fault, isCall("DELETE"));
    expect(await engine.destroy()).toMatchObject({ code: 0 });
    expect(await liveNames()).toEqual([]);
    expect(engine.state().size).toBe(0);
  });
});

it("goes on when the API server is killed in the middle of an update and comes back", async () => {
  const many = Array.from({ length: 60 }, (_, index) => configMap(`many-${index}`));
  let killed: Promise<void> | undefined;
  proxy.fault = () => {
    const created = proxy.requests.filter((each) => each.startsWith("POST") && each.includes("/configmaps")).length;
    if (created > 20) killed ??= plane.killServer().then(() => plane.startServer());
    return "none";
  };
  expect(await engine.up(many)).toMatchObject({ code: 0 });
  await killed;
  expect(killed).toBeDefined();
  expect((await liveNames()).length).toBe(60);
  expect(engine.state().size).toBe(60);
});

it("goes on watching when watches end all the time or have expired", async () => {
  const expired = first(2, { status: 410, reason: "Expired" }, (_method, path) => path.includes("watch=true"));
  proxy.fault = expired;
  proxy.watchLife = 1000;
  const deployment: Resource = {
    type: "kubernetes:apps/v1:Deployment",
    name: "watched",
    inputs: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "watched", namespace: "default" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "watched" } },
        template: { metadata: { labels: { app: "watched" } }, spec: { containers: [{ name: "main", image: "none" }] } },
      },
    },
  };
  const updating = engine.up([deployment]);
  const path = "/apis/apps/v1/namespaces/default/deployments/watched";
  while ((await plane.request("GET", path)).status !== 200) await sleep(100);
  await sleep(5000);
  const status = {
    observedGeneration: 1,
    ...{ replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 },
    conditions: [
      { type: "Available", status: "True" },
      { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
    ],
  };
  await plane.request("PATCH", `${path}/status`, { status }, "application/merge-patch+json");
  expect(await updating).toMatchObject({ code: 0 });
  await plane.request("DELETE", path);
});

it("takes a ConfigMap of one megabyte", async () => {
  const large = (letter: string) => configMap("large", { text: letter.repeat(megabyte) });
  expect(await engine.up([large("a")])).toMatchObject({ code: 0 });
  expect(await engine.up([large("b")])).toMatchObject({ code: 0 });
  const { text } = await plane.request("GET", "/api/v1/namespaces/default/configmaps/large");
  expect((JSON.parse(text) as { data: { text: string } }).data.text).toBe("b".repeat(megabyte));
  expect(await engine.destroy()).toMatchObject({ code: 0 });
});

it("finds its object, and no other, in a namespace of 10 000", async () => {
  const create = async (index: number): Promise<void> => {
    const body = { metadata: { name: `filler-${index}` }, data: { text: "x".repeat(1000) } };
    await plane.request("POST", "/api/v1/namespaces/default/configmaps", body);
  };
  for (let done = 0; done < 10_000; done += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => create(done + index)));
  }
  expect(await engine.up([configMap("one")])).toMatchObject({ code: 0 });
  // Waiting for a deletion watches the namespace.
  expect(await engine.destroy()).toMatchObject({ code: 0 });
  expect((await liveNames()).length).toBe(10_000);
});

/** Peak resident memory in bytes of the plugins that this test's engine runs. */
function pluginMemory(): readonly number[] {
  const plugin = tools["pulumi-resource-kubernetes"];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(plugin)) return [];
        if (!readFileSync(`/proc/${pid}/environ`, "utf8").includes(engine.folder)) return [];
        const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
        return peak === undefined ? [] : [Number(peak) * 1024];
      } catch {
        return [];
      }
    });
}
