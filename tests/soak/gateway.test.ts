import { readdirSync, readFileSync } from "node:fs";
import { describeEmbedded, eventually } from "../support/embedded";
import { askGateway } from "../support/gateway";
import { edgeApp } from "../live/gateway/apps";
import { Edge } from "../live/gateway/edge";
import { underLoad } from "../live/gateway/load";
import { Issuer } from "../live/gateway/token";

jest.setTimeout(600_000);

const patience = 180_000;

describeEmbedded("the gateway under load, with two proxies", () => {
  const issuer = new Issuer();
  let edge: Edge;
  const load = { rate: 80, requests: 5000, tries: 1 };
  const proxies = "gateway.envoyproxy.io/owning-gateway-name=public";

  const pods = async (): Promise<string[]> =>
    (await edge.kubectl("-n", "petrichor-gateway", "get", "pods", "-l", proxies, "-o", "name")).trim().split("\n");

  /** Waits until the routes are those of a version of the app. */
  async function expectVersion(version: string): Promise<void> {
    await eventually(async () => {
      expect((await askGateway(edge.url("strict"), edge.access)).headers["x-version"]).toBe(version);
    }, patience);
  }

  async function bothReady(): Promise<void> {
    await eventually(async () => {
      const args = ["-n", "petrichor-gateway", "get", "deployment", "-l", proxies];
      const ready = await edge.kubectl(
        ...args,
        "-o",
        "jsonpath={.items[0].status.readyReplicas}/{.items[0].status.replicas}",
      );
      expect(ready).toBe("2/2");
    }, patience);
  }

  beforeAll(async () => {
    edge = await Edge.start("edge-load");
    await edge.run(edgeApp(edge.image, edge.domain, issuer));
    await edge.kubectl("-n", "edge", "wait", "--for=condition=Available", "deployment", "--all", "--timeout=240s");
    const patch = JSON.stringify({ spec: { provider: { kubernetes: { envoyDeployment: { replicas: 2 } } } } });
    await edge.kubectl("-n", "petrichor-gateway", "patch", "envoyproxy", "petrichor", "--type=merge", "-p", patch);
    await bothReady();
    await expectVersion("zero");
  });
  afterAll(async () => {
    await edge.delete();
  });

  test("deleting proxies and changing routes lose no request", async () => {
    const result = await underLoad({ ...load, url: edge.url("plain"), access: edge.access }, async () => {
      const [pod = ""] = await pods();
      await edge.kubectl("-n", "petrichor-gateway", "delete", pod, "--wait=false");
      for (const version of ["one", "two", "three"]) {
        await edge.run(edgeApp(edge.image, edge.domain, issuer, version));
        await expectVersion(version);
      }
      await edge.kubectl("-n", "petrichor-gateway", "wait", "--for=delete", pod, "--timeout=180s");
      await bothReady();
    });
    expect(result).toMatchObject({ lost: {} });
    expect(result.sent).toBeGreaterThanOrEqual(load.requests);
  });

  test("kill -9 of a proxy loses no request that a client sends again once", async () => {
    const options = { ...load, tries: 2, url: edge.url("plain"), access: edge.access };
    const result = await underLoad(options, async () => {
      const [pod = ""] = await pods();
      process.kill(proxyProcess(pod.replace("pod/", "")), "SIGKILL");
      await eventually(async () => {
        const path = "jsonpath={.status.containerStatuses[?(@.name=='envoy')].restartCount}";
        expect(await edge.kubectl("-n", "petrichor-gateway", "get", pod, "-o", path)).toBe("1");
      }, patience);
      await bothReady();
    });
    expect(result).toMatchObject({ lost: {} });
    expect(result.sent).toBeGreaterThanOrEqual(load.requests);
  });
});

/** The process of Envoy in a pod of the test's cluster: the pod's name is among its arguments. */
function proxyProcess(pod: string): number {
  const found = readdirSync("/proc").find((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const [program = "", ...args] = readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0");
      return program.endsWith("envoy") && args.includes(pod);
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
  if (found === undefined) throw new Error(`no process of ${pod} was found`);
  return Number(found);
}
