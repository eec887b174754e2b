import { everyItem } from "../expressions";
import { podKinds } from "../kinds";
import type { ObjectRule } from "../rule";
import { drivers } from "./no-legacy-volumes";

/** What a volume may be besides an emptyDir. The API server takes one that is nothing for an emptyDir. */
export const sources = [
  "configMap",
  "csi",
  "downwardAPI",
  "ephemeral",
  "hostPath",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
  ...drivers,
];

export const scratchBounded: ObjectRule = {
  scope: "object",
  name: "scratch-bounded",
  topic: "data",
  title: "Scratch space has a limit",
  why: "An emptyDir without a limit fills the node's disk, and the kubelet then evicts everyone there.",
  remedy: "Set emptyDir.sizeLimit",
  level: "advisory",
  field: "volumes",
  ...everyItem({
    match: podKinds,
    list: "variables.podSpec.?volumes.orValue([])",
    condition: `item.?emptyDir.?sizeLimit.hasValue() || ${sources.map((source) => `item.?${source}.hasValue()`).join(" || ")}`,
    says: "'volume ' + item.name + ' has no size limit'",
  }),
};
