/** Where requests are held. */
export interface Buffering {
  /** Namespace of the entrances: each buffered workload has a Service there, see `entranceName`. */
  readonly namespace: string;
  /** Port that the pods behind the entrances listen on. */
  readonly port: number;
}

/** What the platform of a cluster does for apps, so that the app's own objects leave it out. Default: nothing. */
export interface Capabilities {
  /** Exposed workloads get their addresses from a gateway; without one each gets a load balancer of its own. */
  readonly gateway?: boolean;
  /** Scaled workloads get their number of replicas from an autoscaler; without one they stay at `scale.min`, but at least one. */
  readonly autoscaling?: boolean;
  /** Requests are counted on their way to a workload, and wait while none of its replicas answers. */
  readonly buffering?: Buffering;
  /** What the gateway, the engines and workloads measure is kept for queries. */
  readonly measurements?: boolean;
  /** Hosts that bring no certificate get one. */
  readonly certificates?: boolean;
}
