import { at, everyResource } from "../clouds";
import type { CloudRule } from "../rule";

export const awsKeysRotated: CloudRule = {
  scope: "cloud",
  cloud: "aws",
  name: "aws-keys-rotated",
  topic: "cloud",
  title: "Keys of KMS are rotated",
  why: "The longer a key is used, the more there is to win by breaking it.",
  remedy: "Set enableKeyRotation",
  level: "mandatory",
  frameworks: { cis: "AWS 3.6" },
  judge: everyResource(["aws:kms/key:Key"], (properties) => {
    // KMS rotates symmetric keys only.
    const symmetric = (at(properties, "customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT";
    return !symmetric || at(properties, "enableKeyRotation") === true ? undefined : "enableKeyRotation is not true";
  }),
};
