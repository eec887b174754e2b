import { at, companion, everyResource } from "../clouds";
import type { CloudRule } from "../rule";

const accessBlock = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const awsNoPublicBuckets: CloudRule = {
  scope: "cloud",
  cloud: "aws",
  name: "aws-no-public-buckets",
  topic: "cloud",
  title: "Buckets are closed to the public",
  why: "One open bucket is the usual way in which a company's data ends up on the internet.",
  remedy: "Put a BucketPublicAccessBlock with all four blocks on the bucket",
  level: "mandatory",
  frameworks: { cis: "AWS 2.1.4" },
  judge: everyResource(["aws:s3/bucket:Bucket"], (_, resource, all) => {
    const block = companion(resource, accessBlock, all);
    if (block === undefined) return "nothing blocks public access to it";
    const open = blocks.filter((name) => at(block, name) !== true);
    return open.length === 0 ? undefined : `${open.join(", ")} is not true`;
  }),
};
