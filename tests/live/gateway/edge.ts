import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { resolveApps } from "../../../components/app/model/resolve";
import type { AppModel } from "../../../components/app/model/types";
import { emptyRelease } from "../../../components/app/release";
import { embeddedFacts } from "../../../components/cluster/embedded";
import type { KubeObject } from "../../../components/kube/object";
import { envoyGateway } from "../../../components/platform/engines/envoy-gateway/engine";
import { givePorts } from "../../../stacks/project/ports";
import { embedded, stackSchema } from "../../../stacks/stack";
import { type ClusterAddresses, deleteCluster, startCluster } from "../../../toolchain/cluster/cluster";
import { runTool } from "../../support/embedded";
import { InstalledEngines } from "../../support/engines";
import type { GatewayAccess } from "../../support/gateway";
import { type Certificate, makeCertificate, tlsData } from "./certificates";

/** Milliseconds that the gateway may take to carry out what was applied. */
export const patience = 180_000;

/** An embedded cluster with a gateway, and the echo program as an image. */
export class Edge {
  private constructor(
    private readonly name: string,
    readonly home: string,
    readonly domain: string,
    readonly cluster: ClusterAddresses,
    readonly certificate: Certificate,
    readonly image: string,
    private readonly engines: InstalledEngines,
  ) {}

  static async start(name: string): Promise<Edge> {
    const home = mkdtempSync(path.join(tmpdir(), `petrichor-live-${name}-`));
    const domain = `${name}.localhost`;
    const cluster = await startCluster({ name, home });
    const certificate = await makeCertificate(path.join(home, "certificates"), [`*.${domain}`]);
    const repository = `${cluster.registry}/edge/echo`;
    const pushed = await runTool(
      "images",
      "build",
      "--source",
      path.join(__dirname, "echo"),
      "--repository",
      repository,
    );
    const image = `${embeddedFacts.registry}/edge/echo@${pushed.trim().split("@")[1] ?? ""}`;
    const secrets = { "public-certificate": tlsData(certificate) };
    const engines = await InstalledEngines.install([envoyGateway], cluster, { domain, secrets });
    return new Edge(name, home, domain, cluster, certificate, image, engines);
  }

  async delete(): Promise<void> {
    await deleteCluster({ name: this.name, home: this.home });
    rmSync(this.home, { recursive: true, force: true });
  }

  get access(): GatewayAccess {
    return { address: this.cluster.loadBalancerAddress, authority: this.certificate.authority };
  }

  url(host: string, rest = "/"): string {
    return `https://${host}.${this.domain}${rest}`;
  }

  /** Runs an app on the cluster; automatic ports are given as `up` would give them. */
  async run(definition: object): Promise<AppModel> {
    const definitions = [{ file: "apps/edge/app.ts", definition }];
    const stack = stackSchema.parse({
      environment: "local",
      clusters: { embedded: embedded() },
      domain: this.domain,
    });
    const { release } = givePorts(definitions, stack, emptyRelease);
    const [model] = resolveApps({ definitions, stack, release });
    if (model === undefined) throw new Error("nothing was resolved");
    await this.engines.run(model);
    return model;
  }

  async kubectl(...args: string[]): Promise<string> {
    return runTool("kubectl", "--kubeconfig", this.cluster.kubeconfig, ...args);
  }

  async apply(object: KubeObject): Promise<void> {
    await this.engines.apply([object]);
  }
}
