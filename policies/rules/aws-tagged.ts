import { at, missingTags } from "../clouds";
import type { CloudRule } from "../rule";

const wanted = ["petrichor:environment", "petrichor:cluster"];

export const awsTagged: CloudRule = {
  scope: "cloud",
  cloud: "aws",
  name: "aws-tagged",
  topic: "cloud",
  title: "Everything in AWS says which environment and cluster it belongs to",
  why: "What nobody can assign is paid for ever, and nobody dares to delete it.",
  remedy: "Set the tags as defaultTags of the provider",
  level: "advisory",
  judge: (resources) =>
    resources
      .filter(({ type }) => type === "pulumi:providers:aws")
      .flatMap((resource) => {
        const message = missingTags(tagsOf(at(resource.properties, "defaultTags")), wanted);
        return message === undefined ? [] : [{ resource, message }];
      }),
};

/** A provider's settings are JSON in text. */
function tagsOf(value: unknown): Readonly<Record<string, unknown>> {
  const read: unknown = typeof value === "string" ? JSON.parse(value) : value;
  return (at((read ?? {}) as Record<string, unknown>, "tags") ?? {}) as Record<string, unknown>;
}
