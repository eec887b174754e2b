import { everyItem } from "../expressions";
import { podKinds } from "../kinds";
import type { ObjectRule } from "../rule";

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
    condition: "!item.?emptyDir.hasValue() || item.emptyDir.?sizeLimit.hasValue()",
    says: "'volume ' + item.name + ' has no size limit'",
  }),
};
