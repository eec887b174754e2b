import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const claimsOutliveSets: ObjectRule = {
  scope: "object",
  name: "claims-outlive-sets",
  topic: "data",
  title: "Volumes outlive their StatefulSet",
  why: "With whenDeleted or whenScaled set to Delete, a renamed set or a lowered number of replicas erases data.",
  remedy: "Set persistentVolumeClaimRetentionPolicy to Retain; say `retain: false` and get leave where data may go",
  level: "mandatory",
  field: "volumes",
  match: [kinds.StatefulSet],
  expression: ["whenDeleted", "whenScaled"]
    .map((moment) => `object.spec.?persistentVolumeClaimRetentionPolicy.?${moment}.orValue('') != 'Delete'`)
    .join(" && "),
  message: "'volumes are deleted with the set or its replicas'",
};
