import type * as eks from "@pulumi/aws/eks";
import * as pulumi from "@pulumi/pulumi";
import { kubeconfig } from "../kubeconfig";

interface AwsKubeconfigArgs {
  readonly clusterName: string;
  readonly region: string;
  readonly cluster: eks.Cluster;
}

/** A kubeconfig that asks the `aws` command for a token each time; whoever holds it still needs to be one of the cluster's admins or viewers. */
export function awsKubeconfig({ clusterName, region, cluster }: AwsKubeconfigArgs): pulumi.Output<string> {
  return pulumi.all([cluster.endpoint, cluster.certificateAuthority.data]).apply(([server, certificateAuthority]) =>
    kubeconfig({
      name: clusterName,
      server,
      certificateAuthority,
      command: "aws",
      args: ["eks", "get-token", "--cluster-name", clusterName, "--region", region, "--output", "json"],
      installHint: "Install the AWS command line interface, version 2.",
    }),
  );
}
