import { everyContainer } from "../expressions";
import type { ObjectRule } from "../rule";

export const imageByDigest: ObjectRule = {
  scope: "object",
  name: "image-by-digest",
  topic: "images",
  title: "Images are named by digest",
  why: "A tag can be moved: what was reviewed and what runs may differ, and two replicas may differ from each other.",
  remedy: "Name the image by its digest, as in registry/name@sha256:…",
  level: "mandatory",
  field: "image",
  frameworks: { nsa: "Kubernetes Pod security" },
  ...everyContainer({
    condition: "c.?image.orValue('').matches('@sha256:[0-9a-f]{64}$')",
    says: "'uses ' + c.?image.orValue('no image')",
  }),
};
