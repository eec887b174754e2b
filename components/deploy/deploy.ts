import * as pulumi from "@pulumi/pulumi";
import { objectKey, type KubeObject } from "../kube/object";
import { dependencies, inOrder } from "./dependencies";
import { KubernetesResource } from "./resource";

export interface DeployOptions {
  /** The component that the resources belong to; it is part of their identity. */
  readonly parent: pulumi.Resource;
  readonly provider: pulumi.ProviderResource;
  /** What has to stand before any of the objects, for example the platform's CustomResourceDefinitions. Default: nothing. */
  readonly dependsOn?: readonly pulumi.Resource[];
  /**
   * Values known only while the engine runs, by `objectKey` of a Secret and then by key in it. They are encrypted in the
   * state and never shown. Default: none.
   */
  readonly secrets?: Readonly<Record<string, SecretValues>>;
}

/** Values of one Secret by key. */
export type SecretValues = Readonly<Record<string, pulumi.Input<string>>>;

/**
 * Hands objects to the Pulumi engine: the only door between rendering and engine.
 *
 * Each object becomes one resource that waits for exactly what it needs (see `dependencies`), so the engine works on the rest
 * side by side, and takes things down in the opposite order. The resources come in the order of the objects.
 */
export function deploy(objects: readonly KubeObject[], options: DeployOptions): KubernetesResource[] {
  const { parent, provider, dependsOn = [], secrets = {} } = options;
  const needs = dependencies(objects);
  const made = new Map<KubeObject, KubernetesResource>();
  for (const object of inOrder(objects)) {
    const key = objectKey(object);
    const before = (needs.get(key) ?? []).flatMap((other) => made.get(other) ?? []);
    const resource = new KubernetesResource(object, secretInputs(secrets[key]), {
      parent,
      provider,
      dependsOn: [...dependsOn, ...before],
    });
    made.set(object, resource);
  }
  return objects.flatMap((object) => made.get(object) ?? []);
}

function secretInputs(values: SecretValues | undefined): pulumi.Inputs {
  return values === undefined ? {} : { stringData: pulumi.secret(values) };
}
