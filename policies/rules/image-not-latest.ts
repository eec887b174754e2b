import { everyContainer } from "../expressions";
import type { ObjectRule } from "../rule";

export const imageNotLatest: ObjectRule = {
  scope: "object",
  name: "image-not-latest",
  topic: "images",
  title: "Images don't go by the tag latest",
  why: "Nobody can tell from `latest`, or from no tag at all, which version runs.",
  remedy: "Name the image by its digest, and by a version tag if people should see one",
  level: "advisory",
  field: "image",
  ...everyContainer({
    // A colon before the first slash is a port; without tag and digest the tag is `latest`.
    condition: "c.?image.orValue('').matches(':[^/@]+$') && !c.?image.orValue('').matches(':latest(@|$)')",
    says: "'uses ' + c.?image.orValue('no image')",
  }),
};
