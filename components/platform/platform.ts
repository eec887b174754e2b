import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../cluster/cluster";
import { deploy, type DeployOptions } from "../deploy/deploy";
import { gatewayHost, isPublicGateway } from "./gateway";
import type { RenderedEngine } from "./objects";

export interface PlatformArgs {
  /** The engines with their objects, in the order of their needs. */
  readonly engines: readonly RenderedEngine[];
  readonly cluster: Pick<Cluster, "provider">;
  /** Who knows the values of Secrets that are rendered without any. Default: nobody. */
  readonly secrets?: NonNullable<DeployOptions["secrets"]>;
}

/** What every app on a cluster gets: the engines, each made once those it needs are ready, and taken down in the opposite order. */
export class Platform extends pulumi.ComponentResource {
  /** Where the public gateway is reached, by IP address or name; nothing where there is none, or where it has no address. */
  readonly gateway: pulumi.Output<string | undefined>;

  constructor(name: string, args: PlatformArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("petrichor:platform:Platform", name, {}, options);
    const { engines, cluster, secrets } = args;
    const made = new Map<string, pulumi.Resource[]>();
    let gateway: pulumi.Output<string | undefined> = pulumi.output(undefined);
    for (const { engine, objects, resources } of engines) {
      const parent = new pulumi.ComponentResource("petrichor:platform:Engine", engine.id, {}, { parent: this });
      const common = { parent, provider: cluster.provider, ...(secrets === undefined ? {} : { secrets }) };
      const needs = engine.needs.flatMap(({ id }) => made.get(id) ?? []);
      const system = deploy(objects, { ...common, dependsOn: needs });
      const own = deploy(resources, { ...common, dependsOn: [...needs, ...system] });
      made.set(engine.id, [...system, ...own]);
      gateway = own[resources.findIndex(isPublicGateway)]?.status.apply(gatewayHost) ?? gateway;
    }
    this.gateway = gateway;
    this.registerOutputs({ gateway });
  }
}
