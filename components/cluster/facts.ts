/**
 * What a cluster is like, as plain data. Shared code asks facts, never the name of a cloud.
 * Facts are declared in the stack file or, for clusters that exist already, written to `releases/<env>.yaml` by `petrichor lock`.
 */
export interface ClusterFacts {
  /** How a Service of type LoadBalancer gets an address: from a cloud, from loopback ports (embedded), or not at all. */
  readonly loadBalancer: "cloud" | "loopback" | "none";
  /** Annotations that a load-balancer Service needs here. Default: none. */
  readonly loadBalancerAnnotations?: Readonly<Record<string, string>>;
  /** StorageClass for volumes that name none. */
  readonly storageClass: string;
  /** Whether volumes of that class can grow in place. */
  readonly volumeExpansion: boolean;
  /** Zones that nodes are spread over; a single one means: don't spread over zones. */
  readonly zones: readonly string[];
  /** How a pod proves who it is to the cloud. */
  readonly identity: "aws-pod-identity" | "azure-workload-identity" | "none";
  /** Registry that holds the images of apps built from source, without scheme, for example `registry.example.com/apps`. */
  readonly registry: string;
  /** CPU architectures of the nodes. */
  readonly architectures: readonly ("amd64" | "arm64")[];
  /** How nodes come and go. */
  readonly nodes: "fixed" | "karpenter" | "eks-auto-mode" | "aks-auto-provisioning";
}
