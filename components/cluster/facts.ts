import type { PlatformIdentity } from "./identities";

/**
 * What a cluster is like, as plain data. Shared code asks facts, never the name of a cloud.
 * Facts are declared in the stack file or, for clusters that exist already, written to `releases/<env>.yaml` by `petrichor lock`.
 */
export interface ClusterFacts {
  /** How a Service of type LoadBalancer gets an address: from a cloud or `loadBalancerAddresses`, from loopback ports (embedded), or not at all. */
  readonly loadBalancer: "cloud" | "loopback" | "none";
  /** Annotations that a load-balancer Service needs here. Default: none. */
  readonly loadBalancerAnnotations?: Readonly<Record<string, string>>;
  /** Most ports that one load balancer serves. Absent: as many as there are. */
  readonly loadBalancerPorts?: number;
  /**
   * Addresses that are free for load balancers in the network of the nodes, for clusters without any of their own: blocks or ranges of IPv4,
   * for example `192.168.10.240-192.168.10.250`. The engine `metallb` gives them out. Absent: none.
   */
  readonly loadBalancerAddresses?: readonly string[];
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
  /** Kubernetes minor version, for example `1.36`. Absent: not known yet. */
  readonly version?: string;
  /** StorageClass for volumes that several nodes mount at once. Absent: there is none. */
  readonly sharedStorageClass?: string;
  /** Id of the file system behind `sharedStorageClass`, where a class has to name one. */
  readonly sharedFileSystem?: string;
  /** Public registry → our cache of it, without scheme, for example `quay.io` → `registry.example.com/quay.io`. Absent: images come from the source. */
  readonly mirrors?: Readonly<Record<string, string>>;
  /** DNS zones whose records the cluster may write. Absent: none. */
  readonly dnsZones?: readonly string[];
  /** Where zones in Azure stand; zones elsewhere are found by their name. */
  readonly azureDns?: { readonly tenant: string; readonly subscription: string; readonly resourceGroup: string };
  /** Where backups go. Absent: nowhere. */
  readonly backups?: BackupFacts;
  /** Ids that service accounts of the platform carry to prove who they are, where the cloud wants one in an annotation. */
  readonly identities?: Readonly<Partial<Record<PlatformIdentity, string>>>;
  /** Engines that run on the cluster already and are not ours, by id, with their version. Absent: none are known. */
  readonly installed?: Readonly<Record<string, string>>;
}

/** Where backups go, in the words of the Velero plugin that writes them. */
export type BackupFacts =
  | { readonly plugin: "aws"; readonly bucket: string; readonly region: string }
  | {
      readonly plugin: "azure";
      readonly container: string;
      readonly storageAccount: string;
      readonly resourceGroup: string;
      readonly subscription: string;
    };
