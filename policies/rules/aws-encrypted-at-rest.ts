import { at, companion, everyResource, listAt } from "../clouds";
import type { CloudRule } from "../rule";

const bucketEncryption = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const flags: Readonly<Record<string, string>> = {
  "aws:ebs/volume:Volume": "encrypted",
  "aws:efs/fileSystem:FileSystem": "encrypted",
  "aws:rds/cluster:Cluster": "storageEncrypted",
  "aws:rds/instance:Instance": "storageEncrypted",
};
const lists: Readonly<Record<string, string>> = {
  "aws:ecr/repository:Repository": "encryptionConfigurations",
  "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": "encryptionConfigurations",
};

export const awsEncryptedAtRest: CloudRule = {
  scope: "cloud",
  cloud: "aws",
  name: "aws-encrypted-at-rest",
  topic: "cloud",
  title: "What AWS keeps is encrypted",
  why: "A lost disk or a copied snapshot must be worth nothing to whoever finds it.",
  remedy: "Turn encryption on, with a key of your own where the service takes one",
  level: "mandatory",
  frameworks: { cis: "AWS 2.1.1, 2.2.1, 2.3.1" },
  judge: everyResource(
    ["aws:eks/cluster:Cluster", "aws:s3/bucket:Bucket", ...Object.keys(flags), ...Object.keys(lists)],
    (properties, resource, all) => {
      const { type } = resource;
      if (type === "aws:eks/cluster:Cluster") {
        return listAt(properties, "encryptionConfig.resources").includes("secrets")
          ? undefined
          : "its Secrets are not encrypted by a key of ours";
      }
      if (type === "aws:s3/bucket:Bucket") {
        return companion(resource, bucketEncryption, all) === undefined ? "no encryption is set for it" : undefined;
      }
      const flag = flags[type];
      if (flag !== undefined) return at(properties, flag) === true ? undefined : `${flag} is not true`;
      const list = lists[type] ?? "";
      return listAt(properties, list).length > 0 ? undefined : `${list} is not set`;
    },
  ),
};
