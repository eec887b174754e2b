import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { resolveApps } from "../../../components/app/model/resolve";
import type { Tree } from "../../../components/app/model/layers";
import { emptyRelease } from "../../../components/app/release";
import { embeddedFacts } from "../../../components/cluster/embedded";
import { envoyGateway } from "../../../components/platform/engines/envoy-gateway/engine";
import { kedaHttpAddOn } from "../../../components/platform/engines/keda-http-add-on/engine";
import { prometheus } from "../../../components/platform/engines/prometheus/engine";
import { capabilitiesOf } from "../../../components/platform/objects";
import { inNeedOrder } from "../../../components/platform/order";
import { Kubectl } from "../../../cli/kubectl";
import type { Project } from "../../../stacks/project";
import { type ClusterAddresses, deleteCluster, startCluster } from "../../../toolchain/cluster/cluster";
import { toolPath } from "../../../toolchain/locate";
import { eventually, runTool } from "../../support/embedded";
import { InstalledEngines } from "../../support/engines";
import type { Gateway } from "./load";

const engines = [envoyGateway, kedaHttpAddOn, prometheus];
const capabilities = capabilitiesOf(inNeedOrder(engines));

/** Milliseconds that something may take on a machine that others work on too. Tests assert that it comes, never how fast. */
export const patience = 300_000;

/** An embedded cluster with everything that scales. */
export class ScalingCluster {
  private constructor(
    private readonly name: string,
    private readonly home: string,
    private readonly domain: string,
    private readonly addresses: ClusterAddresses,
    readonly gateway: Gateway,
    readonly kubectl: Kubectl,
    private readonly installed: InstalledEngines,
  ) {}

  static async start(name: string): Promise<ScalingCluster> {
    const home = mkdtempSync(path.join(tmpdir(), `petrichor-live-${name}-`));
    const domain = `${name}.localhost`;
    const addresses = await startCluster({ name, home });
    const certificate = await makeCertificate(path.join(home, "certificates"), domain);
    const installed = await InstalledEngines.install(engines, addresses, {
      domain,
      secrets: { "public-certificate": certificate.data },
    });
    const gateway = { address: addresses.loadBalancerAddress, authority: certificate.authority };
    const program = (await toolPath("kubectl")) ?? "kubectl";
    const kubectl = new Kubectl(program, ["--kubeconfig", addresses.kubeconfig], name);
    return new ScalingCluster(name, home, domain, addresses, gateway, kubectl, installed);
  }

  async delete(): Promise<void> {
    await deleteCluster({ name: this.name, home: this.home });
    rmSync(this.home, { recursive: true, force: true });
  }

  get kubeconfig(): string {
    return this.addresses.kubeconfig;
  }

  /** Builds a Go program and gives the reference of its image. */
  async build(name: string, source: string, program = "."): Promise<string> {
    const repository = `${this.addresses.registry}/scaling/${name}`;
    const args = ["build", "--source", path.resolve(source), "--package", program, "--repository", repository];
    const pushed = await runTool("images", ...args);
    return `${embeddedFacts.registry}/scaling/${name}@${pushed.trim().split("@")[1] ?? ""}`;
  }

  /** What `up` knows of an app. */
  project(definition: Tree): Pick<Project, "apps" | "platform"> {
    const models = resolveApps({
      definitions: [{ file: "apps/scaling/app.ts", definition }],
      stack: { environment: "local", domain: this.domain, capabilities },
      release: emptyRelease,
    });
    const apps = models.map((model) => ({ model, objects: [] }));
    return { apps, platform: { capabilities, engines: [], objectsOf: () => [] } };
  }

  /** Applies an app, as `up` would. */
  async run(definition: Tree): Promise<void> {
    for (const { model } of this.project(definition).apps) await this.installed.run(model);
  }

  url(app: string, workload: string, rest = "/"): string {
    return `https://${workload}-${app}.${this.domain}${rest}`;
  }

  async replicas(app: string, workload: string): Promise<number> {
    return Number(await this.value(app, `deployment/${workload}`, "{.spec.replicas}"));
  }

  async ready(app: string, workload: string): Promise<number> {
    return Number(await this.value(app, `deployment/${workload}`, "{.status.readyReplicas}"));
  }

  /** One value of an object, by a JSONPath of kubectl. */
  async value(namespace: string, object: string, expression: string): Promise<string> {
    return this.kubectl.text("--namespace", namespace, "get", object, "--output", `jsonpath=${expression}`);
  }

  /** Looks at a workload's replicas again and again. */
  observe(app: string, workload: string): ReplicasSeen {
    return new ReplicasSeen(() => this.replicas(app, workload));
  }

  /** Waits until a workload has so many replicas. */
  async untilReplicas(app: string, workload: string, wanted: number): Promise<void> {
    await eventually(async () => {
      expect([workload, await this.replicas(app, workload)]).toEqual([workload, wanted]);
    }, patience);
  }

  /** Waits until nothing of a workload runs any more, so that the next request finds nobody. */
  async untilAsleep(app: string, workload: string): Promise<void> {
    await this.untilReplicas(app, workload, 0);
    await eventually(async () => {
      const selector = `petrichor.dev/workload=${workload}`;
      expect(
        await this.kubectl.text("--namespace", app, "get", "pods", "--selector", selector, "--output", "name"),
      ).toBe("");
    }, patience);
  }
}

/** Every number of replicas that a workload was seen to have, in the order in which it was seen. */
export class ReplicasSeen {
  readonly counts: number[] = [];
  #going = true;
  readonly #looking: Promise<void>;

  constructor(private readonly look: () => Promise<number>) {
    this.#looking = this.#watch();
  }

  async #watch(): Promise<void> {
    while (this.#going) {
      const count = await this.look().catch(() => undefined);
      if (count !== undefined) this.counts.push(count);
      await sleep(500);
    }
  }

  async stop(): Promise<void> {
    this.#going = false;
    await this.#looking;
  }
}

async function makeCertificate(folder: string, domain: string) {
  const certificates = [{ name: "public", commonName: domain, hosts: [`*.${domain}`], days: 1 }];
  const authorities = [{ name: "ca", days: 2, certificates }];
  writeFileSync(`${folder}.json`, JSON.stringify({ folder, renewBeforeDays: 0, authorities, keys: [] }));
  await runTool("supervisor", "certificates", `${folder}.json`);
  const file = (name: string): string => path.join(folder, name);
  return {
    authority: readFileSync(file("ca.crt"), "utf8"),
    data: {
      "tls.crt": readFileSync(file("public.crt"), "base64"),
      "tls.key": readFileSync(file("public.key"), "base64"),
    },
  };
}
