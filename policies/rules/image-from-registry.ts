import { everyContainer } from "../expressions";
import type { ObjectRule } from "../rule";

export const imageFromRegistry: ObjectRule = {
  scope: "object",
  name: "image-from-registry",
  topic: "images",
  title: "Images come from the registries that the environment allows",
  why: "An image from anywhere was scanned by no one and may vanish or change hands.",
  remedy: "Push the image to an allowed registry, or add its registry to policy.registries in the stack file",
  level: "mandatory",
  field: "image",
  frameworks: { nsa: "Kubernetes Pod security" },
  ...everyContainer({
    condition:
      "variables.registries.size() == 0 || variables.registries.exists(registry, c.?image.orValue('').startsWith(registry))",
    says: "'uses ' + c.?image.orValue('no image')",
  }),
};
