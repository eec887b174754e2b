import * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import { type AwsPlace, backupBucket, clusterName, keyAlias } from "./facts";

/**
 * The cluster's own key: it encrypts Kubernetes Secrets, volumes and logs. The key of the backups is another one, so that they can be read when
 * this one is gone. Both rotate every year and wait thirty days before they are deleted.
 */
export class AwsKeys extends pulumi.ComponentResource {
  readonly cluster: kms.Key;
  readonly backups: kms.Key;

  constructor(name: string, place: AwsPlace, opts: pulumi.ComponentResourceOptions) {
    super("petrichor:cluster:AwsKeys", name, {}, opts);
    const protect = place.definition.deletionProtection;
    const key = (suffix: string, description: string, statements: readonly object[], alias: string): kms.Key => {
      const made = new kms.Key(
        `${name}-${suffix}`,
        {
          description,
          enableKeyRotation: true,
          rotationPeriodInDays: 365,
          deletionWindowInDays: 30,
          policy: JSON.stringify({ Version: "2012-10-17", Statement: [accountAdministers(place), ...statements] }),
        },
        { parent: this, protect },
      );
      new kms.Alias(`${name}-${suffix}`, { name: alias, targetKeyId: made.id }, { parent: this });
      return made;
    };
    this.cluster = key(
      "cluster",
      `Secrets, volumes and logs of the cluster ${clusterName(place)}`,
      [logsEncrypt(place), volumesEncrypt(place)],
      keyAlias(place),
    );
    this.backups = key("backups", `Backups of the cluster ${clusterName(place)}`, [], `${keyAlias(place)}/backups`);
    this.registerOutputs({ clusterKeyArn: this.cluster.arn, backupsKeyArn: this.backups.arn });
  }
}

/** Hands the key over to the account's IAM policies; without this nobody could ever change its policy again. */
function accountAdministers({ definition }: AwsPlace): object {
  return {
    Sid: "AccountAdministers",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${definition.account}:root` },
    Action: "kms:*",
    Resource: "*",
  };
}

function logsEncrypt(place: AwsPlace): object {
  const { region, account } = place.definition;
  return {
    Sid: "LogsEncrypt",
    Effect: "Allow",
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
    Resource: "*",
    Condition: {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": logGroups(place).map(
          (group) => `arn:aws:logs:${region}:${account}:log-group:${group}`,
        ),
      },
    },
  };
}

function volumesEncrypt({ definition }: AwsPlace): object {
  return {
    Sid: "VolumesEncrypt",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: [
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:ReEncrypt*",
      "kms:GenerateDataKey*",
      "kms:CreateGrant",
      "kms:DescribeKey",
    ],
    Resource: "*",
    Condition: {
      StringEquals: {
        "kms:CallerAccount": definition.account,
        "kms:ViaService": `ec2.${definition.region}.amazonaws.com`,
      },
    },
  };
}

/** Names of the log groups that the cluster's key encrypts. EKS fixes the first one. */
export function logGroups(place: AwsPlace): [controlPlane: string, network: string] {
  return [`/aws/eks/${clusterName(place)}/cluster`, `/petrichor/${place.environment}/${place.cluster}/network`];
}

/** ARN of the bucket for backups, known before the bucket is. */
export function backupBucketArn(place: AwsPlace): string {
  return `arn:aws:s3:::${backupBucket(place)}`;
}
