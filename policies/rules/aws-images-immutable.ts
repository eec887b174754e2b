import { at, everyResource, listAt } from "../clouds";
import type { CloudRule } from "../rule";

export const awsImagesImmutable: CloudRule = {
  scope: "cloud",
  cloud: "aws",
  name: "aws-images-immutable",
  topic: "cloud",
  title: "Tags in ECR are never moved",
  why: "A moved tag puts another image under a name that was reviewed.",
  remedy: "Set imageTagMutability to IMMUTABLE",
  level: "mandatory",
  judge: everyResource(
    ["aws:ecr/repository:Repository", "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"],
    (properties) => {
      // A mirror follows the tags of what it mirrors.
      if (listAt(properties, "appliedFors").includes("PULL_THROUGH_CACHE")) return undefined;
      return at(properties, "imageTagMutability") === "IMMUTABLE" ? undefined : "imageTagMutability is not IMMUTABLE";
    },
  ),
};
