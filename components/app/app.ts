import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../cluster/cluster";
import { deploy } from "../deploy/deploy";
import type { KubernetesResource } from "../deploy/resource";
import type { SecretSource } from "../deploy/secrets";
import { type KubeObject, objectKey } from "../kube/object";
import type { AppModel } from "./model/types";
import { addressesOf, type KnownAddress, loadBalancerHost, urlAt } from "./objects/addresses";
import type { Capabilities } from "./objects/context";
import { sequenceOf } from "./objects/sequence";
import type { RollOuts } from "./roll-outs";

export interface AppArgs {
  /** The app, from `resolveApps`. */
  readonly model: AppModel;
  /** Its objects, from `appObjects`. */
  readonly objects: readonly KubeObject[];
  readonly cluster: Pick<Cluster, "provider">;
  /** Who knows the values of the app's Secrets. Default: nobody. */
  readonly secrets?: SecretSource;
  /** What the objects were rendered with. Default: nothing. */
  readonly capabilities?: Capabilities;
  /** Where the gateway is reached, by IP address or name. Default: not known. */
  readonly gateway?: pulumi.Input<string | undefined>;
  /** Shared by all apps of the program, so that links to other apps can wait. */
  readonly rollOuts: RollOuts;
}

/** An address under which a workload is reached from outside. */
export interface Address {
  readonly app: string;
  readonly workload: string;
  /** `https://host/path` or `http://host:port` for HTTP, `tcp://host:port` and `udp://host:port` for the rest. */
  readonly url?: string;
  /** Where it is reached without DNS; nothing while the load balancer has no address. */
  readonly address?: {
    /** IP address, or the name that a cloud gives instead. */
    readonly ip: string;
    readonly port: number;
  };
}

/** An application on a cluster: its objects, in the order that its deploy jobs and its links, also those to other apps, ask for. */
export class App extends pulumi.ComponentResource {
  /** Addresses of the exposed workloads, in the order of their names. */
  readonly addresses: pulumi.Output<Address[]>;
  /** The first address; nothing where none is exposed. */
  readonly url: pulumi.Output<string | undefined>;

  constructor(name: string, args: AppArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("petrichor:app:App", name, {}, options);
    const { model, objects, cluster, secrets, capabilities = {}, gateway, rollOuts } = args;
    const { after, elsewhere, main } = sequenceOf(model, objects);
    const waits = [...elsewhere].map(([key, workloads]) => [key, rollOuts.of(workloads)] as const);
    const resources = deploy(objects, {
      parent: this,
      provider: cluster.provider,
      after,
      outside: new Map(waits),
      ...(secrets === undefined ? {} : { secrets }),
    });
    const made = new Map(objects.map((object, index) => [objectKey(object), resources[index]]));
    for (const [name, keys] of main) {
      const running = keys.flatMap((key) => made.get(key) ?? []);
      rollOuts.tell({ app: model.name, name }, running);
    }
    this.addresses = pulumi.all(
      addressesOf(model, capabilities).map((known) => {
        const host = known.service === undefined ? pulumi.output(gateway) : hostOf(known.service, objects, resources);
        return host.apply((one) => settled(known, one));
      }),
    );
    this.url = this.addresses.apply(([first]) => first?.url);
    this.registerOutputs({ addresses: this.addresses, url: this.url });
  }
}

function settled({ app, workload, url, scheme, port }: KnownAddress, host: string | undefined): Address {
  if (host === undefined) return { app, workload, ...(url === undefined ? {} : { url }) };
  return { app, workload, url: url ?? urlAt(scheme, host, port), address: { ip: host, port } };
}

/** Where the load balancer of a Service is, once it has an address. */
function hostOf(
  { namespace, name }: NonNullable<KnownAddress["service"]>,
  objects: readonly KubeObject[],
  resources: readonly KubernetesResource[],
): pulumi.Output<string | undefined> {
  const service = objects.findIndex(
    ({ kind, metadata }) => kind === "Service" && metadata.name === name && metadata.namespace === namespace,
  );
  const status = resources[service]?.status ?? pulumi.output(undefined);
  return status.apply(loadBalancerHost);
}
