import { Provider, type ProviderArgs } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterFacts } from "../facts";
import type { ClusterInfrastructure } from "../infrastructure";
import { AwsBackups } from "./backups";
import { AwsControlPlane } from "./control-plane";
import type { AwsDefinition } from "./definition";
import { AwsDns } from "./dns";
import { type AwsPlace, awsFacts, clusterName } from "./facts";
import { AwsKeys } from "./keys";
import { awsKubeconfig } from "./kubeconfig";
import { AwsLogs } from "./logs";
import { AwsNetwork } from "./network";
import { AwsRegistry } from "./registry";
import { AwsSharedStorage } from "./shared-storage";

export interface AwsClusterArgs {
  readonly environment: string;
  readonly definition: AwsDefinition;
}

/** An EKS cluster in Auto Mode with everything in AWS that the platform needs: network, keys, logs, registry, DNS zones, backup bucket. */
export class AwsCluster extends pulumi.ComponentResource implements ClusterInfrastructure {
  readonly kubeconfig: pulumi.Output<string>;
  readonly facts: pulumi.Output<ClusterFacts>;
  readonly nameServers: pulumi.Output<Readonly<Record<string, readonly string[]>>>;

  /** @param name Name of the cluster in its stack; names of all its parts begin with it. */
  constructor(name: string, { environment, definition }: AwsClusterArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("petrichor:cluster:AwsCluster", name, {}, opts);
    const place: AwsPlace = { environment, cluster: name, definition };
    const provider = new Provider(name, providerArgs(place), { parent: this });
    const part = { parent: this, provider };

    const network = new AwsNetwork(`${name}-network`, definition, part);
    const keys = new AwsKeys(`${name}-keys`, place, part);
    const keyArn = keys.cluster.arn;
    const logs = new AwsLogs(`${name}-logs`, { place, vpcId: network.vpcId, keyArn }, part);
    const { cluster } = new AwsControlPlane(
      `${name}-control-plane`,
      { place, subnetIds: network.privateSubnetIds, keyArn, logs: logs.controlPlane },
      part,
    );
    new AwsRegistry(`${name}-registry`, place, part);
    const storage = definition.sharedStorage
      ? new AwsSharedStorage(
          `${name}-shared-storage`,
          { place, cluster, vpcId: network.vpcId, subnetIds: network.privateSubnetIds, keyArn },
          part,
        )
      : undefined;
    const dns = definition.domains.length > 0 ? new AwsDns(`${name}-dns`, { place, cluster }, part) : undefined;
    new AwsBackups(`${name}-backups`, { place, cluster, key: keys.backups }, part);

    this.kubeconfig = awsKubeconfig({ clusterName: clusterName(place), region: definition.region, cluster });
    this.facts = pulumi.output({
      ...awsFacts(place),
      ...(storage === undefined ? {} : { sharedFileSystem: storage.fileSystemId }),
    });
    this.nameServers = pulumi.output(dns?.nameServers ?? {});
    this.registerOutputs({ kubeconfig: this.kubeconfig, facts: this.facts, nameServers: this.nameServers });
  }
}

function providerArgs({ environment, cluster, definition }: AwsPlace): ProviderArgs {
  return {
    region: definition.region,
    allowedAccountIds: [definition.account],
    defaultTags: {
      tags: { ...definition.tags, "petrichor:environment": environment, "petrichor:cluster": cluster },
    },
  };
}
