import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { type PlatformIdentity, platformIdentities } from "../identities";
import { trustPods } from "./trust";

interface AwsPodIdentityArgs {
  readonly cluster: eks.Cluster;
  /** The cluster's name as plain text; the trust policy spells it out. */
  readonly clusterName: string;
  readonly identity: PlatformIdentity;
  readonly statements: readonly pulumi.Input<iam.PolicyStatement>[];
}

/** Rights in AWS for one service account of the platform. */
export class AwsPodIdentity extends pulumi.ComponentResource {
  constructor(
    name: string,
    { cluster, clusterName, identity, statements }: AwsPodIdentityArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("petrichor:cluster:AwsPodIdentity", name, {}, opts);
    const { namespace, serviceAccount } = platformIdentities[identity];
    const role = new iam.Role(
      name,
      { assumeRolePolicy: trustPods(clusterName, namespace, serviceAccount) },
      { parent: this },
    );
    new iam.RolePolicy(
      name,
      { role: role.name, policy: { Version: "2012-10-17", Statement: [...statements] } },
      { parent: this },
    );
    new eks.PodIdentityAssociation(
      name,
      { clusterName: cluster.name, namespace, serviceAccount, roleArn: role.arn },
      { parent: this },
    );
    this.registerOutputs({ roleArn: role.arn });
  }
}
