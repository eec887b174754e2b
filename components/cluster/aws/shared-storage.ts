import * as ec2 from "@pulumi/aws/ec2";
import * as efs from "@pulumi/aws/efs";
import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { type AwsPlace, clusterName } from "./facts";
import { trustPods } from "./trust";

interface AwsSharedStorageArgs {
  readonly place: AwsPlace;
  readonly cluster: eks.Cluster;
  readonly vpcId: pulumi.Input<string>;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly keyArn: pulumi.Input<string>;
}

/** Volumes that several nodes mount at once: an EFS file system with a door in every zone that only the cluster's nodes pass. */
export class AwsSharedStorage extends pulumi.ComponentResource {
  readonly fileSystemId: pulumi.Output<string>;

  constructor(name: string, args: AwsSharedStorageArgs, opts: pulumi.ComponentResourceOptions) {
    super("petrichor:cluster:AwsSharedStorage", name, {}, opts);
    const { place, cluster } = args;
    const fileSystem = new efs.FileSystem(
      name,
      {
        encrypted: true,
        kmsKeyId: args.keyArn,
        performanceMode: "generalPurpose",
        throughputMode: "elastic",
        lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }, { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" }],
        tags: { Name: clusterName(place) },
      },
      { parent: this, protect: place.definition.deletionProtection },
    );
    const door = this.door(name, args);
    for (const [index, subnetId] of args.subnetIds.entries()) {
      new efs.MountTarget(
        `${name}-${index}`,
        { fileSystemId: fileSystem.id, subnetId, securityGroups: [door.id] },
        { parent: this },
      );
    }
    this.driver(name, clusterName(place), cluster);
    this.fileSystemId = fileSystem.id;
    this.registerOutputs({ fileSystemId: this.fileSystemId });
  }

  private door(name: string, { cluster, vpcId }: AwsSharedStorageArgs): ec2.SecurityGroup {
    const group = new ec2.SecurityGroup(
      name,
      { vpcId, description: "NFS from the nodes of the cluster", ingress: [], egress: [] },
      { parent: this },
    );
    new vpc.SecurityGroupIngressRule(
      name,
      {
        securityGroupId: group.id,
        referencedSecurityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
        ipProtocol: "tcp",
        fromPort: 2049,
        toPort: 2049,
      },
      { parent: this },
    );
    return group;
  }

  private driver(name: string, nameOfCluster: string, cluster: eks.Cluster): void {
    const serviceAccount = "efs-csi-controller-sa";
    const role = new iam.Role(
      name,
      { assumeRolePolicy: trustPods(nameOfCluster, "kube-system", serviceAccount) },
      { parent: this },
    );
    const rights = new iam.RolePolicyAttachment(
      name,
      { role: role.name, policyArn: "arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy" },
      { parent: this },
    );
    new eks.Addon(
      name,
      {
        clusterName: cluster.name,
        addonName: "aws-efs-csi-driver",
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
        podIdentityAssociations: [{ serviceAccount, roleArn: role.arn }],
      },
      { parent: this, dependsOn: rights },
    );
  }
}
