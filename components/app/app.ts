import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../cluster/cluster";
import { deploy } from "../deploy/deploy";
import type { KubernetesResource } from "../deploy/resource";
import type { SecretSource } from "../deploy/secrets";
import type { KubeObject } from "../kube/object";
import type { AppModel } from "./model/types";
import { addressesOf, type KnownAddress, loadBalancerUrl } from "./objects/addresses";
import type { Capabilities } from "./objects/context";
import { sequenceOf } from "./objects/sequence";

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
}

/** An address under which a workload is reached from outside. */
export interface Address {
  readonly app: string;
  readonly workload: string;
  /** `http://host:port` for HTTP, `tcp://host:port` and `udp://host:port` for the rest; nothing while the load balancer has none. */
  readonly url?: string;
}

/** An application on a cluster: its objects, in the order that its links and deploy jobs ask for. */
export class App extends pulumi.ComponentResource {
  /** Addresses of the exposed workloads, in the order of their names. */
  readonly addresses: pulumi.Output<Address[]>;
  /** The first address; nothing where none is exposed. */
  readonly url: pulumi.Output<string | undefined>;

  constructor(name: string, args: AppArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("petrichor:app:App", name, {}, options);
    const { model, objects, cluster, secrets, capabilities = {} } = args;
    const resources = deploy(objects, {
      parent: this,
      provider: cluster.provider,
      after: sequenceOf(model, objects),
      ...(secrets === undefined ? {} : { secrets }),
    });
    this.addresses = pulumi.all(addressesOf(model, capabilities).map((known) => addressOf(known, objects, resources)));
    this.url = this.addresses.apply(([first]) => first?.url);
    this.registerOutputs({ addresses: this.addresses, url: this.url });
  }
}

function addressOf(
  known: KnownAddress,
  objects: readonly KubeObject[],
  resources: readonly KubernetesResource[],
): pulumi.Output<Address> {
  const { app, workload } = known;
  if ("url" in known) return pulumi.output({ app, workload, url: known.url });
  const { namespace, name, port } = known.service;
  const service = objects.findIndex(
    ({ kind, metadata }) => kind === "Service" && metadata.name === name && metadata.namespace === namespace,
  );
  const status = resources[service]?.status ?? pulumi.output(undefined);
  return status.apply((reported) => {
    const url = loadBalancerUrl(known.scheme, port, reported);
    return { app, workload, ...(url === undefined ? {} : { url }) };
  });
}
