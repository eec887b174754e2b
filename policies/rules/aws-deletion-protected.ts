import { at, everyResource, told } from "../clouds";
import type { CloudRule } from "../rule";

export const awsDeletionProtected: CloudRule = {
  scope: "cloud",
  cloud: "aws",
  name: "aws-deletion-protected",
  topic: "cloud",
  title: "Clusters and databases in AWS can't be deleted by one call",
  why: "A wrong name on a command line must not end a production cluster, its keys or its data.",
  remedy: "Set deletionProtection; keep forceDestroy off and the deletion window of keys at 30 days",
  level: "mandatory",
  judge: everyResource(
    [
      "aws:eks/cluster:Cluster",
      "aws:rds/cluster:Cluster",
      "aws:rds/instance:Instance",
      "aws:s3/bucket:Bucket",
      "aws:kms/key:Key",
    ],
    (properties, { type }) => {
      if (type === "aws:s3/bucket:Bucket") {
        return at(properties, "forceDestroy") === true ? "forceDestroy is true" : undefined;
      }
      if (type === "aws:kms/key:Key") {
        const window = at(properties, "deletionWindowInDays");
        const longest = window === undefined || Number(window) >= 30;
        return longest ? undefined : `deletionWindowInDays is ${told(window)}`;
      }
      return at(properties, "deletionProtection") === true ? undefined : "deletionProtection is not true";
    },
  ),
};
