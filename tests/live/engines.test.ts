import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { AppModel } from "../../components/app/model/types";
import { resolveApps } from "../../components/app/model/resolve";
import { emptyRelease } from "../../components/app/release";
import { embeddedFacts } from "../../components/cluster/embedded";
import type { KubeObject } from "../../components/kube/object";
import { envoyGateway } from "../../components/platform/engines/envoy-gateway/engine";
import { kedaHttpAddOn } from "../../components/platform/engines/keda-http-add-on/engine";
import { deleteCluster, startCluster, type ClusterAddresses } from "../../toolchain/cluster/cluster";
import { askOnce } from "../support/ask";
import { describeEmbedded, eventually, runTool } from "../support/embedded";
import { InstalledEngines } from "../support/engines";
import { type Answer, askGateway } from "../support/gateway";

jest.setTimeout(600_000);

const domain = "engines.localhost";
const patience = 240_000;

describeEmbedded("engines", () => {
  const home = mkdtempSync(path.join(tmpdir(), "petrichor-live-engines-"));
  let cluster: ClusterAddresses;
  let engines: InstalledEngines;
  let certificate: Certificate;
  let image: string;

  beforeAll(async () => {
    cluster = await startCluster({ name: "engines", home });
    certificate = await makeCertificate(path.join(home, "certificates"));
    const source = path.resolve(__dirname, "../../apps/hello/src");
    const pushed = await runTool(
      "images",
      "build",
      "--source",
      source,
      "--repository",
      `${cluster.registry}/hello/web`,
    );
    image = `${embeddedFacts.registry}/hello/web@${pushed.trim().split("@")[1] ?? ""}`;
    engines = await InstalledEngines.install([envoyGateway, kedaHttpAddOn], cluster, {
      domain,
      secrets: { "public-certificate": certificate.data },
    });
  });
  afterAll(async () => {
    await deleteCluster({ name: "engines", home });
    rmSync(home, { recursive: true, force: true });
  });

  const kubectl = async (...args: string[]): Promise<string> =>
    runTool("kubectl", "--kubeconfig", cluster.kubeconfig, ...args);

  function resolve(name: string, web: object): AppModel {
    const definition = { name, workloads: { web: { kind: "service", image, port: 8080, ...web } } };
    const [app] = resolveApps({
      definitions: [{ file: `apps/${name}/app.ts`, definition }],
      stack: { environment: "local", domain },
      release: emptyRelease,
    });
    if (app === undefined) throw new Error("nothing was resolved");
    return app;
  }

  const ask = async (url: string): Promise<Answer> =>
    askGateway(url, { address: cluster.loadBalancerAddress, authority: certificate.authority });

  async function answered(url: string): Promise<void> {
    await eventually(async () => {
      expect(await ask(url)).toMatchObject({ status: 200, body: "Hello, world!\n" });
    }, patience);
  }

  async function replicas(namespace: string): Promise<number> {
    const { spec } = JSON.parse(
      await kubectl("-n", namespace, "get", "deployment", "web", "-o", "json"),
    ) as KubeObject & {
      spec: { replicas: number };
    };
    return spec.replicas;
  }

  test("an exposed workload answers at its automatic host, by TLS that the client verifies", async () => {
    await engines.run(resolve("fixed", { replicas: 1, expose: [{ host: "auto" }] }));
    await answered(`https://web-fixed.${domain}/`);
  });

  test("plain HTTP is sent to HTTPS, and an unknown host gets nothing", async () => {
    expect(await ask(`http://web-fixed.${domain}/path`)).toMatchObject({
      status: 301,
      location: `https://web-fixed.${domain}/path`,
    });
    expect((await ask(`https://nobody.${domain}/`)).status).toBe(404);
  });

  test("a port of the load balancer leads to the workload", async () => {
    await engines.run(resolve("ported", { replicas: 1, expose: [{ l4: 30_500 }] }));
    await eventually(async () => {
      expect(await askOnce(`http://${cluster.loadBalancerAddress}:30500/`)).toBe("Hello, world!\n");
    }, patience);
  });

  test("a workload without requests goes to zero, and its next request is held and answered", async () => {
    await engines.run(
      resolve("sleepy", { scale: { min: 0, max: 3, on: [{ concurrency: 10 }] }, expose: [{ host: "auto" }] }),
    );
    await answered(`https://web-sleepy.${domain}/`);
    await eventually(async () => {
      expect(await replicas("sleepy")).toBe(0);
    }, patience);
    await kubectl("-n", "sleepy", "wait", "--for=delete", "pod", "--all", "--timeout=120s");

    expect(await ask(`https://web-sleepy.${domain}/${randomUUID()}`)).toMatchObject({
      status: 200,
      body: "Hello, world!\n",
    });
    expect(await replicas("sleepy")).toBeGreaterThan(0);
  });
});

interface Certificate {
  /** The authority that clients trust. */
  readonly authority: string;
  /** The certificate and its key as a Secret holds them. */
  readonly data: Readonly<Record<string, string>>;
}

/** An authority of the test's own, and its certificate for every host of the domain. */
async function makeCertificate(folder: string): Promise<Certificate> {
  const hosts = [`*.${domain}`];
  const authorities = [{ name: "ca", days: 2, certificates: [{ name: "public", commonName: domain, hosts, days: 1 }] }];
  const settings = `${folder}.json`;
  writeFileSync(settings, JSON.stringify({ folder, renewBeforeDays: 0, authorities, keys: [] }));
  await runTool("supervisor", "certificates", settings);
  const file = (name: string): string => path.join(folder, name);
  const data = {
    "tls.crt": readFileSync(file("public.crt"), "base64"),
    "tls.key": readFileSync(file("public.key"), "base64"),
  };
  return { authority: readFileSync(file("ca.crt"), "utf8"), data };
}
