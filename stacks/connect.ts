import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../components/cluster/cluster";
import { embeddedKubeconfig } from "../components/cluster/embedded";
import { PetrichorError } from "../components/errors";
import type { Project } from "./project";
import type { StackCluster } from "./stack";

/**
 * The way into the cluster that a stack's apps run on.
 * @throws PetrichorError CLUSTER_UNREACHABLE when there is no kubeconfig
 */
export function connect({ stack, cluster: { name, definition, facts } }: Pick<Project, "stack" | "cluster">): Cluster {
  const kubeconfig = pulumi.secret(kubeconfigOf(definition, name));
  const context = definition.kind === "existing" ? { context: definition.context } : {};
  // A new address or certificate of the same cluster must not replace what runs there.
  const clusterIdentifier = `${stack.environment}/${name}`;
  return { name, facts, kubeconfig, provider: new Provider(name, { kubeconfig, clusterIdentifier, ...context }) };
}

function kubeconfigOf(definition: StackCluster, name: string): pulumi.Input<string> {
  switch (definition.kind) {
    case "embedded":
      return readKubeconfig(embeddedKubeconfig(definition.instance), name);
    case "existing":
      return readKubeconfig(definition.kubeconfig ?? defaultKubeconfig(), name);
    case "aws":
    case "azure":
      return infrastructureOutput("kubeconfig");
  }
}

/** What the infrastructure stack of this cluster exports. In a preview it may be still to come: a cluster that doesn't exist yet judges nothing. */
function infrastructureOutput(name: string): pulumi.Output<string> {
  const stack = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}.infra`;
  const reference = new pulumi.StackReference(stack);
  if (!pulumi.runtime.isDryRun()) return reference.requireOutput(name) as pulumi.Output<string>;
  return reference.getOutput(name).apply((value: unknown) => value ?? pulumi.unknown) as pulumi.Output<string>;
}

function defaultKubeconfig(): string {
  const [first = ""] = (process.env.KUBECONFIG ?? "").split(path.delimiter);
  return first === "" ? path.join(homedir(), ".kube/config") : first;
}

function readKubeconfig(file: string, cluster: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new PetrichorError(
      "CLUSTER_UNREACHABLE",
      `there is no kubeconfig for the cluster "${cluster}" at ${file}.`,
      "Start the embedded cluster with `petrichor cluster start`, or correct `kubeconfig` in the stack file.",
      {},
      { cause },
    );
  }
}
