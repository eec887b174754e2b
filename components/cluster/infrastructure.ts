import type * as pulumi from "@pulumi/pulumi";
import type { ClusterFacts } from "./facts";
import type { CloudDefinition } from "./check";

/** What the infrastructure stack of a cloud cluster exports: the way in, and facts that only the cloud knows. */
export interface ClusterInfrastructure {
  /** Contents of a kubeconfig. It holds no credential: it runs the cloud's own command to get a short-lived one. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Facts as declared, completed with what came out. `petrichor lock` writes them to the release file. */
  readonly facts: pulumi.Output<ClusterFacts>;
  /** Domain → name servers to enter at the registrar. */
  readonly nameServers: pulumi.Output<Readonly<Record<string, readonly string[]>>>;
}

/**
 * Makes the infrastructure of one cloud cluster. The cloud's SDK is loaded here and only here, so that a stack pays for the one it uses.
 *
 * @param name Name of the cluster in its stack.
 */
export async function makeInfrastructure(
  environment: string,
  name: string,
  definition: CloudDefinition,
): Promise<ClusterInfrastructure> {
  switch (definition.kind) {
    case "aws": {
      const { AwsCluster } = await import("./aws/cluster");
      return new AwsCluster(name, { environment, definition });
    }
    case "azure": {
      const { AzureCluster } = await import("./azure/cluster");
      return new AzureCluster(name, { environment, definition });
    }
  }
}
