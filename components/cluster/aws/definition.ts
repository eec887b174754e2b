import { z } from "zod";
import * as common from "../definition";

/** The schema of an EKS cluster in a stack file. */
export const awsCluster = z.strictObject({
  kind: z.literal("aws"),
  /** AWS account the cluster lives in: 12 digits. With credentials of another account nothing happens. */
  account: z.string().regex(/^\d{12}$/, "must be the 12 digits of an AWS account"),
  /** Region, for example `eu-central-1`. */
  region: z.string(),
  version: common.version,
  /** The VPC. Nodes and pods sit in private subnets, load balancers and NAT in public ones, one of each per zone. */
  network: z
    .strictObject({
      /** Addresses of the VPC: /16 to /20 out of RFC 1918. Every pod takes one. Default: 10.0.0.0/16. */
      cidr: common.network.default("10.0.0.0/16"),
      /** Addresses of Kubernetes Services: /12 to /24, not in the VPC. Default: 172.20.0.0/16. */
      serviceCidr: common.network.default("172.20.0.0/16"),
      /** Zones by name, two or three. Default: three of the region. */
      zones: z.array(z.string()).exactOptional(),
      /** NAT gateways: one per zone, or a single one that is cheaper and takes egress down with its zone. Default: per-zone. */
      nat: z.enum(["per-zone", "single"]).default("per-zone"),
    })
    .prefault({}),
  endpoint: common.endpoint,
  loadBalancer: common.loadBalancer,
  /** IAM roles (ARNs) whose holders administer the cluster; nobody else does, not even its creator. */
  admins: z.array(roleArn()).min(1),
  /** IAM roles (ARNs) that may look at everything but Secrets. Default: none. */
  viewers: z.array(roleArn()).default([]),
  nodes: common.nodes,
  /** Whether volumes can be shared between nodes (EFS; class `shared`). Default: false. */
  sharedStorage: z.boolean().default(false),
  /** How long control-plane and network logs are kept, in days: a value CloudWatch knows. Default: 30. */
  logRetentionDays: z
    .literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653])
    .default(30),
  backups: common.backups,
  domains: common.domains,
  mirrors: common.mirrors,
  deletionProtection: common.deletionProtection,
  tags: common.tags,
});

/** An EKS cluster as its stack file describes it, defaults filled in. */
export type AwsDefinition = z.output<typeof awsCluster>;

function roleArn(): z.ZodString {
  return z.string().regex(/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/, "must be the ARN of an IAM role");
}
