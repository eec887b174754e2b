import * as pulumi from "@pulumi/pulumi";
import { deploy } from "../deploy/deploy";
import type { CloudDefinition } from "./check";
import type { Cluster } from "./cluster";
import { clusterObjects } from "./objects";

interface ClusterFoundationArgs {
  readonly environment: string;
  readonly cluster: Cluster;
  readonly definition: CloudDefinition;
}

/** What a cloud cluster needs inside before anything else of ours: nodes for apps, classes for volumes. */
export class ClusterFoundation extends pulumi.ComponentResource {
  constructor(
    name: string,
    { environment, cluster, definition }: ClusterFoundationArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("petrichor:cluster:ClusterFoundation", name, {}, opts);
    const objects = clusterObjects(environment, cluster.name, definition, cluster.facts);
    deploy(objects, { parent: this, provider: cluster.provider });
    this.registerOutputs({});
  }
}
