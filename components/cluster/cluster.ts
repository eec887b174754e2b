import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterFacts } from "./facts";

/** What every kind of cluster gives: what it is like, and the way in. */
export interface Cluster {
  /** Name of the cluster in its stack, for example `aws-eu`. */
  readonly name: string;
  /** Plain data known before any engine starts; rendering reads nothing else of a cluster. */
  readonly facts: ClusterFacts;
  /** Contents of a kubeconfig. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: kubernetes.Provider;
}
