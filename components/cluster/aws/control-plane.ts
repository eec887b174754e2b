import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { type AwsPlace, clusterName } from "./facts";
import { trustEks, trustInstances } from "./trust";

interface AwsControlPlaneArgs {
  readonly place: AwsPlace;
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Key that encrypts Kubernetes Secrets before they are stored. */
  readonly keyArn: pulumi.Input<string>;
  readonly logs: cloudwatch.LogGroup;
}

/**
 * EKS in Auto Mode: AWS runs node autoscaling (Karpenter), the load balancer controller, the block storage driver, DNS and the pod identity agent,
 * so none of them is a workload that has to be kept alive and patched here.
 */
export class AwsControlPlane extends pulumi.ComponentResource {
  readonly cluster: eks.Cluster;

  constructor(name: string, args: AwsControlPlaneArgs, opts: pulumi.ComponentResourceOptions) {
    super("petrichor:cluster:AwsControlPlane", name, {}, opts);
    const { place } = args;
    const { account, mirrors, region } = place.definition;
    const clusterRole = this.role(`${name}-cluster`, trustEks(account), clusterPolicies);
    const nodeRole = this.role(`${name}-node`, trustInstances(), nodePolicies);
    if (mirrors.length > 0) this.letNodesFillMirrors(name, nodeRole.role, account, region, mirrors);
    this.cluster = new eks.Cluster(
      name,
      clusterArgs(args, clusterRole.role.arn, nodeRole.role.arn),
      // Policies go after the cluster on the way down: EKS needs them to clean up its own network interfaces.
      {
        parent: this,
        protect: place.definition.deletionProtection,
        dependsOn: [args.logs, ...clusterRole.policies, ...nodeRole.policies],
      },
    );
    for (const principalArn of place.definition.admins) this.admit(name, principalArn, "AmazonEKSClusterAdminPolicy");
    for (const principalArn of place.definition.viewers) this.admit(name, principalArn, "AmazonEKSViewPolicy");
    // Volume snapshots, for backups. It runs on the nodes that EKS keeps for add-ons.
    new eks.Addon(
      `${name}-snapshots`,
      {
        clusterName: this.cluster.name,
        addonName: "snapshot-controller",
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
        configurationValues: JSON.stringify({ nodeSelector: { "karpenter.sh/nodepool": "system" } }),
      },
      { parent: this },
    );
    this.registerOutputs({ name: this.cluster.name, endpoint: this.cluster.endpoint });
  }

  private role(name: string, assumeRolePolicy: iam.PolicyDocument, policies: readonly string[]): RoleWithPolicies {
    const role = new iam.Role(name, { assumeRolePolicy }, { parent: this });
    const attachments = policies.map(
      (policy) =>
        new iam.RolePolicyAttachment(
          `${name}-${policy}`,
          { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
          { parent: this },
        ),
    );
    return { role, policies: attachments };
  }

  /** The first pull through a mirror makes its repository. */
  private letNodesFillMirrors(
    name: string,
    role: iam.Role,
    account: string,
    region: string,
    mirrors: readonly string[],
  ): void {
    new iam.RolePolicy(
      `${name}-node-mirrors`,
      {
        role: role.name,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["ecr:CreateRepository", "ecr:BatchImportUpstreamImage"],
              Resource: mirrors.map((mirror) => `arn:aws:ecr:${region}:${account}:repository/${mirror}/*`),
            },
          ],
        },
      },
      { parent: this },
    );
  }

  private admit(
    name: string,
    principalArn: string,
    policy: "AmazonEKSClusterAdminPolicy" | "AmazonEKSViewPolicy",
  ): void {
    const entryName = `${name}-${principalArn.split("role/")[1] ?? principalArn}`;
    const entry = new eks.AccessEntry(
      entryName,
      { clusterName: this.cluster.name, principalArn, type: "STANDARD" },
      { parent: this },
    );
    new eks.AccessPolicyAssociation(
      entryName,
      {
        clusterName: this.cluster.name,
        principalArn: entry.principalArn,
        policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
        accessScope: { type: "cluster" },
      },
      { parent: this },
    );
  }
}

interface RoleWithPolicies {
  readonly role: iam.Role;
  readonly policies: readonly iam.RolePolicyAttachment[];
}

function clusterArgs(
  { place, subnetIds, keyArn }: AwsControlPlaneArgs,
  roleArn: pulumi.Input<string>,
  nodeRoleArn: pulumi.Input<string>,
): eks.ClusterArgs {
  const { version, network, endpoint, deletionProtection } = place.definition;
  return {
    name: clusterName(place),
    version,
    roleArn,
    vpcConfig: {
      subnetIds: [...subnetIds],
      endpointPrivateAccess: true,
      endpointPublicAccess: endpoint !== "private",
      ...(endpoint === "private" ? {} : { publicAccessCidrs: endpoint.publicCidrs }),
    },
    // Access is by entries alone: whoever creates the cluster has no rights in it beyond them.
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
    bootstrapSelfManagedAddons: false,
    // The pool for add-ons only; the pool for apps is ours, with its own ceiling. The three switches of Auto Mode go together.
    computeConfig: { enabled: true, nodePools: ["system"], nodeRoleArn },
    storageConfig: { blockStorage: { enabled: true } },
    kubernetesNetworkConfig: {
      elasticLoadBalancing: { enabled: true },
      ipFamily: "ipv4",
      serviceIpv4Cidr: network.serviceCidr,
    },
    encryptionConfig: { resources: ["secrets"], provider: { keyArn } },
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    upgradePolicy: { supportType: "STANDARD" },
    zonalShiftConfig: { enabled: true },
    deletionProtection,
  };
}

const clusterPolicies = [
  "AmazonEKSClusterPolicy",
  "AmazonEKSComputePolicy",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
];

const nodePolicies = ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"];
