import type * as eks from "@pulumi/aws/eks";
import type * as iam from "@pulumi/aws/iam";
import type * as kms from "@pulumi/aws/kms";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { type AwsPlace, backupBucket, clusterName } from "./facts";
import { AwsPodIdentity } from "./pod-identity";

interface AwsBackupsArgs {
  readonly place: AwsPlace;
  readonly cluster: eks.Cluster;
  readonly key: kms.Key;
}

/** The bucket for backups: versioned, encrypted with a key of its own, out of public reach, over TLS only. Velero alone writes to it. */
export class AwsBackups extends pulumi.ComponentResource {
  constructor(name: string, { place, cluster, key }: AwsBackupsArgs, opts: pulumi.ComponentResourceOptions) {
    super("petrichor:cluster:AwsBackups", name, {}, opts);
    const bucket = new s3.Bucket(
      name,
      { bucket: backupBucket(place), forceDestroy: false },
      { parent: this, protect: place.definition.deletionProtection },
    );
    const ofBucket = { parent: this };
    const reach = new s3.BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      ofBucket,
    );
    new s3.BucketOwnershipControls(
      name,
      { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      ofBucket,
    );
    const versioning = new s3.BucketVersioning(
      name,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      ofBucket,
    );
    new s3.BucketServerSideEncryptionConfiguration(
      name,
      {
        bucket: bucket.id,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
            bucketKeyEnabled: true,
          },
        ],
      },
      ofBucket,
    );
    new s3.BucketLifecycleConfiguration(
      name,
      { bucket: bucket.id, rules: retention(place) },
      // Rules about old versions need versions.
      { ...ofBucket, dependsOn: versioning },
    );
    new s3.BucketPolicy(name, { bucket: bucket.id, policy: tlsOnly(bucket.arn) }, { ...ofBucket, dependsOn: reach });
    new AwsPodIdentity(
      name,
      { cluster, clusterName: clusterName(place), identity: "backups", statements: backupRights(bucket.arn, key.arn) },
      ofBucket,
    );
    this.registerOutputs({ bucket: bucket.id });
  }
}

function retention({ definition }: AwsPlace): NonNullable<s3.BucketLifecycleConfigurationArgs["rules"]> {
  const days = Number.parseInt(definition.backups.retention, 10);
  return [
    {
      id: "expire",
      status: "Enabled",
      filter: { prefix: "" },
      expiration: { days },
      // A deleted or overwritten backup can be brought back for a week.
      noncurrentVersionExpiration: { noncurrentDays: 7 },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
  ];
}

function tlsOnly(bucketArn: pulumi.Output<string>): iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

/** Volume snapshots are taken by the cluster's storage driver, so this needs the bucket and its key only. */
function backupRights(bucketArn: pulumi.Output<string>, keyArn: pulumi.Output<string>): iam.PolicyStatement[] {
  return [
    { Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
    {
      Effect: "Allow",
      Action: [
        "s3:GetObject",
        "s3:PutObject",
        "s3:PutObjectTagging",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
      ],
      Resource: pulumi.interpolate`${bucketArn}/*`,
    },
    { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: keyArn },
  ];
}
