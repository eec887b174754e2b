import { AwsCluster } from "../../../components/cluster/aws/cluster";
import type { AwsDefinition } from "../../../components/cluster/aws/definition";
import { awsExample, cloudAnswers } from "../../support/clouds";
import { record, type RecordedResource } from "../../support/record";

// These tests prove what is asked of AWS and in which shape. They don't prove that AWS accepts it: quotas, service control policies, and checks
// that only the service makes (a zone without EKS capacity, a bucket name that is taken) show in the first `up` alone.

async function resourcesOf(definition: AwsDefinition): Promise<readonly RecordedResource[]> {
  const { resources } = await record(() => new AwsCluster("aws-eu", { environment: "prod", definition }), {
    answers: cloudAnswers,
  });
  return resources;
}

function ofType(resources: readonly RecordedResource[], type: string): RecordedResource[] {
  return resources.filter((resource) => resource.type.startsWith(`aws:${type}/`) || resource.type.endsWith(`:${type}`));
}

function only(resources: readonly RecordedResource[]): RecordedResource {
  expect(resources).toHaveLength(1);
  return resources[0] as RecordedResource;
}

let everything: readonly RecordedResource[];
beforeAll(async () => {
  everything = await resourcesOf(awsExample);
});

test("every resource hangs from a component of the cluster and asks the provider that is bound to the account", () => {
  const custom = everything.filter(({ type }) => type.startsWith("aws:"));
  expect(custom.length).toBeGreaterThan(80);
  expect(custom.filter(({ parent }) => parent?.startsWith("petrichor:cluster:Aws") !== true)).toEqual([]);
  expect(custom.filter(({ provider }) => provider !== "aws-eu")).toEqual([]);
  expect(only(ofType(everything, "providers:aws")).inputs).toMatchObject({
    allowedAccountIds: JSON.stringify(["123456789012"]),
    region: "eu-central-1",
  });
  const components = everything.filter(({ type }) => type.startsWith("petrichor:"));
  expect(components.filter(({ parent }) => parent === undefined).map(({ name }) => name)).toEqual(["aws-eu"]);
});

test("the names of all parts begin with the cluster's name", () => {
  expect(everything.filter(({ name }) => !name.startsWith("aws-eu"))).toEqual([]);
});

test("the control plane waits for its logs and roles, and its nodes are Auto Mode's", () => {
  const cluster = only(ofType(everything, "eks").filter(({ type }) => type.endsWith(":Cluster")));
  expect(cluster.protect).toBe(true);
  expect(cluster.dependsOn?.filter((name) => name.includes("RolePolicyAttachment"))).toHaveLength(7);
  expect(cluster.dependsOn).toContain("aws:cloudwatch/logGroup:LogGroup aws-eu-logs-control-plane");
  expect(cluster.inputs).toMatchObject({
    name: "prod-aws-eu",
    version: "1.36",
    deletionProtection: true,
    bootstrapSelfManagedAddons: false,
    computeConfig: { enabled: true },
    storageConfig: { blockStorage: { enabled: true } },
    kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
    encryptionConfig: { resources: ["secrets"], provider: { keyArn: "arn:aws-eu-keys-cluster" } },
    vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] },
  });
});

test("a private endpoint is private", async () => {
  const resources = await resourcesOf({ ...awsExample, endpoint: "private" });
  const { vpcConfig } = only(resources.filter(({ type }) => type === "aws:eks/cluster:Cluster")).inputs;
  expect(vpcConfig).toMatchObject({ endpointPrivateAccess: true, endpointPublicAccess: false });
  expect(vpcConfig).not.toHaveProperty("publicAccessCidrs");
});

test.each([
  ["per-zone", 3],
  ["single", 1],
] as const)("NAT %s makes %i gateways, and every private subnet has a way out", async (nat, gateways) => {
  const resources = await resourcesOf({ ...awsExample, network: { ...awsExample.network, nat } });
  expect(resources.filter(({ type }) => type === "aws:ec2/natGateway:NatGateway")).toHaveLength(gateways);
  const associations = resources.filter(
    ({ type, name }) => type.includes(":RouteTableAssociation") && name.includes("-private-"),
  );
  expect(associations).toHaveLength(3);
  const routed = resources.filter(({ type, inputs }) => type === "aws:ec2/route:Route" && "natGatewayId" in inputs);
  const tables = new Set(routed.map(({ inputs }) => inputs.routeTableId));
  for (const { inputs } of associations) expect(tables).toContain(inputs.routeTableId);
});

test("nothing gets a public address by accident", () => {
  for (const { inputs } of everything.filter(({ type }) => type === "aws:ec2/subnet:Subnet")) {
    expect(inputs.mapPublicIpOnLaunch).toBe(false);
  }
});

test("what is switched off is not made", async () => {
  const resources = await resourcesOf({ ...awsExample, sharedStorage: false, domains: [], mirrors: [], viewers: [] });
  const types = new Set(resources.map(({ type }) => type));
  for (const type of [
    "aws:efs/fileSystem:FileSystem",
    "aws:route53/zone:Zone",
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
  ]) {
    expect(types).not.toContain(type);
  }
  expect(resources.filter(({ type }) => type === "aws:eks/accessEntry:AccessEntry")).toHaveLength(1);
});

test("without deletion protection nothing is protected", async () => {
  const resources = await resourcesOf({ ...awsExample, deletionProtection: false });
  expect(resources.filter(({ protect }) => protect === true)).toEqual([]);
  expect(everything.filter(({ protect }) => protect === true).map(({ type }) => type.split(":").at(-1))).toEqual([
    "FileSystem",
    "Cluster",
    "Key",
    "Key",
    "Zone",
    "Bucket",
  ]);
});

// Value sets that the SDK types as plain strings. Source: the service models that AWS publishes with its SDKs, and the provider's documentation.
test.each<[type: string, path: string, allowed: readonly unknown[] | RegExp]>([
  [
    "eks/cluster:Cluster",
    "enabledClusterLogTypes.*",
    ["api", "audit", "authenticator", "controllerManager", "scheduler"],
  ],
  ["eks/cluster:Cluster", "accessConfig.authenticationMode", ["API", "API_AND_CONFIG_MAP", "CONFIG_MAP"]],
  ["eks/cluster:Cluster", "upgradePolicy.supportType", ["STANDARD", "EXTENDED"]],
  ["eks/cluster:Cluster", "computeConfig.nodePools.*", ["general-purpose", "system"]],
  ["eks/cluster:Cluster", "kubernetesNetworkConfig.ipFamily", ["ipv4", "ipv6"]],
  ["eks/cluster:Cluster", "encryptionConfig.resources.*", ["secrets"]],
  ["eks/cluster:Cluster", "name", /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/],
  [
    "eks/accessEntry:AccessEntry",
    "type",
    ["STANDARD", "EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX"],
  ],
  ["eks/accessPolicyAssociation:AccessPolicyAssociation", "accessScope.type", ["cluster", "namespace"]],
  [
    "eks/accessPolicyAssociation:AccessPolicyAssociation",
    "policyArn",
    /^arn:aws:eks::aws:cluster-access-policy\/AmazonEKS(ClusterAdmin|Admin|Edit|View|AdminView)Policy$/,
  ],
  ["eks/addon:Addon", "resolveConflictsOnCreate", ["NONE", "OVERWRITE"]],
  ["eks/addon:Addon", "resolveConflictsOnUpdate", ["NONE", "OVERWRITE", "PRESERVE"]],
  [
    "ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
    "appliedFors.*",
    ["REPLICATION", "PULL_THROUGH_CACHE", "CREATE_ON_PUSH"],
  ],
  ["ecr/repositoryCreationTemplate:RepositoryCreationTemplate", "imageTagMutability", ["MUTABLE", "IMMUTABLE"]],
  [
    "ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
    "encryptionConfigurations.*.encryptionType",
    ["AES256", "KMS", "KMS_DSSE"],
  ],
  [
    "ecr/pullThroughCacheRule:PullThroughCacheRule",
    "ecrRepositoryPrefix",
    /^(?=.{2,30}$)[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/,
  ],
  [
    "ecr/pullThroughCacheRule:PullThroughCacheRule",
    "upstreamRegistryUrl",
    ["registry.k8s.io", "quay.io", "public.ecr.aws"],
  ],
  ["efs/fileSystem:FileSystem", "performanceMode", ["generalPurpose", "maxIO"]],
  ["efs/fileSystem:FileSystem", "throughputMode", ["bursting", "provisioned", "elastic"]],
  ["ec2/natGateway:NatGateway", "connectivityType", ["public", "private"]],
  [
    "ec2/vpcEndpoint:VpcEndpoint",
    "vpcEndpointType",
    ["Gateway", "GatewayLoadBalancer", "Interface", "Resource", "ServiceNetwork"],
  ],
  ["ec2/flowLog:FlowLog", "trafficType", ["ACCEPT", "REJECT", "ALL"]],
  ["ec2/flowLog:FlowLog", "maxAggregationInterval", [60, 600]],
  ["ec2/eip:Eip", "domain", ["vpc"]],
  ["kms/alias:Alias", "name", /^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/],
  ["s3/bucket:Bucket", "bucket", /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/],
  ["s3/bucketVersioning:BucketVersioning", "versioningConfiguration.status", ["Enabled", "Suspended", "Disabled"]],
  [
    "s3/bucketOwnershipControls:BucketOwnershipControls",
    "rule.objectOwnership",
    ["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"],
  ],
  [
    "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "rules.*.applyServerSideEncryptionByDefault.sseAlgorithm",
    ["AES256", "aws:kms", "aws:kms:dsse"],
  ],
  ["s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "rules.*.status", ["Enabled", "Disabled"]],
])("%s: %s has a value that AWS knows", (type, path, allowed) => {
  const values = everything
    .filter((resource) => resource.type === `aws:${type}`)
    .flatMap(({ inputs }) => valuesAt(inputs, path.split(".")));
  expect(values.length).toBeGreaterThan(0);
  for (const value of values) {
    if (allowed instanceof RegExp) expect(value).toMatch(allowed);
    else expect(allowed).toContain(value);
  }
});

test("policy documents name actions of one service each and never everything", () => {
  const policies = everything
    .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
    .map(({ inputs }) => document(inputs.policy));
  expect(policies).toHaveLength(5);
  const actions = policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
  for (const action of actions) expect(action).toMatch(/^(ecr|kms|logs|route53|s3):[A-Z][A-Za-z]+$/);
});

test("roles for pods trust one service account of one cluster", () => {
  const trusted = everything
    .filter(({ type }) => type === "aws:iam/role:Role")
    .map(({ inputs }) => document(inputs.assumeRolePolicy).Statement[0])
    .filter((statement) => statement?.Principal?.Service === "pods.eks.amazonaws.com");
  expect(trusted).toHaveLength(4);
  for (const statement of trusted) {
    expect(Object.keys(statement?.Condition?.StringEquals ?? {})).toEqual([
      "aws:RequestTag/eks-cluster-name",
      "aws:RequestTag/kubernetes-namespace",
      "aws:RequestTag/kubernetes-service-account",
    ]);
  }
});

test("longest names stay within the limits", async () => {
  const { resources } = await record(
    () => new AwsCluster("c".repeat(30), { environment: "e".repeat(30), definition: awsExample }),
    { answers: cloudAnswers },
  );
  const bucket = only(resources.filter(({ type }) => type === "aws:s3/bucket:Bucket"));
  expect(String(bucket.inputs.bucket).length).toBeLessThanOrEqual(63);
  // The engine adds eight characters to names it makes; an IAM role's name has 64 at most.
  for (const { name } of resources.filter(({ type }) => type === "aws:iam/role:Role"))
    expect(name.length).toBeLessThanOrEqual(56);
});

interface PolicyDocument {
  readonly Statement: readonly {
    readonly Action: string | string[];
    readonly Principal?: { readonly Service?: string };
    readonly Condition?: { readonly StringEquals?: Readonly<Record<string, string>> };
  }[];
}

function document(policy: unknown): PolicyDocument {
  return (typeof policy === "string" ? JSON.parse(policy) : policy) as PolicyDocument;
}

/** Every value at a path; `*` stands for every element of a list. */
function valuesAt(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (step === undefined) return value === undefined ? [] : [value];
  if (step === "*") return (value as unknown[]).flatMap((element) => valuesAt(element, rest));
  const next = (value as Record<string, unknown> | undefined)?.[step];
  return next === undefined ? [] : valuesAt(next, rest);
}
