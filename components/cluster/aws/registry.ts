import * as ecr from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPlace } from "./facts";

/**
 * The registry: repositories under the environment's name are made by the first push, with tags that never move; public registries are pulled
 * through a cache.
 */
export class AwsRegistry extends pulumi.ComponentResource {
  constructor(name: string, { environment, definition }: AwsPlace, opts: pulumi.ComponentResourceOptions) {
    super("petrichor:cluster:AwsRegistry", name, {}, opts);
    const template = (
      suffix: string,
      args: Omit<ecr.RepositoryCreationTemplateArgs, "encryptionConfigurations">,
    ): void => {
      new ecr.RepositoryCreationTemplate(
        `${name}-${suffix}`,
        { ...args, encryptionConfigurations: [{ encryptionType: "AES256" }] },
        { parent: this },
      );
    };
    // No expiry: what looks old and has no tag may be what production runs.
    template("apps", { prefix: environment, appliedFors: ["CREATE_ON_PUSH"], imageTagMutability: "IMMUTABLE" });
    for (const mirror of definition.mirrors) {
      new ecr.PullThroughCacheRule(
        `${name}-${mirror}`,
        { ecrRepositoryPrefix: mirror, upstreamRegistryUrl: mirror },
        { parent: this },
      );
      // Upstream may move a tag; the digests we pull by don't. What expires is pulled again when it is needed.
      template(mirror, {
        prefix: mirror,
        appliedFors: ["PULL_THROUGH_CACHE"],
        imageTagMutability: "MUTABLE",
        lifecyclePolicy: untaggedExpire,
      });
    }
    this.registerOutputs({});
  }
}

const untaggedExpire = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: "Untagged images expire after thirteen weeks",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 91 },
      action: { type: "expire" },
    },
  ],
});
