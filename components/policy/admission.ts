import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../cluster/cluster";
import { deploy } from "../deploy/deploy";
import type { Sequence } from "../deploy/dependencies";
import { objectKey, type KubeObject } from "../kube/object";

export interface AdmissionArgs {
  /** The admission policies with their bindings and parameters. */
  readonly objects: readonly KubeObject[];
  readonly cluster: Pick<Cluster, "provider">;
}

/** The rules as the API server itself judges by them: made before the apps that they judge, and taken down after them. */
export class Admission extends pulumi.ComponentResource {
  constructor(name: string, { objects, cluster }: AdmissionArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("petrichor:policy:Admission", name, {}, options);
    deploy(objects, { parent: this, provider: cluster.provider, after: bindingsLast(objects) });
    this.registerOutputs({});
  }
}

/** A binding in force without its policy's parameters would refuse what it should judge: it comes last and goes first. */
function bindingsLast(objects: readonly KubeObject[]): Sequence {
  const bindings = objects.filter(({ kind }) => kind === "ValidatingAdmissionPolicyBinding");
  const others = objects.filter((object) => !bindings.includes(object));
  const parameters = others.filter(({ kind }) => kind === "ConfigMap").map(objectKey);
  return new Map(
    bindings.map((binding) => {
      const policies = others.filter(
        ({ kind, metadata }) => kind === "ValidatingAdmissionPolicy" && metadata.name === binding.metadata.name,
      );
      return [objectKey(binding), [...parameters, ...policies.map(objectKey)]];
    }),
  );
}
