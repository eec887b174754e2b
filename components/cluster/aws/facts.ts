import { joinName } from "../../kube/names";
import type { ClusterFacts } from "../facts";
import { blockStorageClass, sharedStorageClass } from "../storage-classes";
import type { AwsDefinition } from "./definition";
import { awsRegions } from "./regions";

/** What names an EKS cluster and its resources: its place in the project. */
export interface AwsPlace {
  readonly environment: string;
  /** Name of the cluster in its stack. */
  readonly cluster: string;
  readonly definition: AwsDefinition;
}

/** Name of the cluster in AWS. */
export function clusterName({ environment, cluster }: AwsPlace): string {
  return `${environment}-${cluster}`;
}

/** Names of the zones that the network spans. */
export function zonesOf({ region, network }: AwsDefinition): readonly string[] {
  return network.zones ?? (awsRegions[region] ?? []).map((letter) => region + letter);
}

/** Alias of the key that encrypts volumes, as an ARN: known before the key is. */
export function volumeKeyArn(place: AwsPlace): string {
  const { region, account } = place.definition;
  return `arn:aws:kms:${region}:${account}:${keyAlias(place)}`;
}

/** Alias of the cluster's key. */
export function keyAlias({ environment, cluster }: AwsPlace): string {
  return `alias/petrichor/${environment}/${cluster}`;
}

/** Name of the bucket for backups; holds the account's number because bucket names are unique in all of AWS. */
export function backupBucket(place: AwsPlace): string {
  return joinName(
    ["petrichor", place.definition.account, place.environment, place.cluster, "backups"],
    bucketNameLimit,
  );
}

/** What an EKS cluster is like, from its description alone: enough to render and to preview apps before the cluster exists. */
export function awsFacts(place: AwsPlace): ClusterFacts {
  const { definition } = place;
  const registryHost = `${definition.account}.dkr.ecr.${definition.region}.amazonaws.com`;
  return {
    loadBalancer: "cloud",
    loadBalancerAnnotations: {
      "service.beta.kubernetes.io/aws-load-balancer-scheme":
        definition.loadBalancer === "public" ? "internet-facing" : "internal",
      // Straight to the pod: no second hop through a node, and the client's address survives.
      "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
    },
    loadBalancerPorts: listenersPerLoadBalancer,
    storageClass: blockStorageClass,
    volumeExpansion: true,
    zones: zonesOf(definition),
    identity: "aws-pod-identity",
    registry: `${registryHost}/${place.environment}`,
    architectures: definition.nodes.architectures,
    nodes: "eks-auto-mode",
    version: definition.version,
    ...(definition.sharedStorage ? { sharedStorageClass } : {}),
    mirrors: Object.fromEntries(definition.mirrors.map((source) => [source, `${registryHost}/${source}`])),
    dnsZones: definition.domains,
    backups: { plugin: "aws", bucket: backupBucket(place), region: definition.region },
  };
}

/**
 * Listeners of one Network Load Balancer, a quota that AWS doesn't raise.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html
 */
const listenersPerLoadBalancer = 50;

/** Longest name of an S3 bucket. */
const bucketNameLimit = 63;
