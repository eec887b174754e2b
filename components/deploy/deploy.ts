import * as pulumi from "@pulumi/pulumi";
import { objectKey, type KubeObject } from "../kube/object";
import { dependencies, inOrder, type Sequence } from "./dependencies";
import { KubernetesResource } from "./resource";
import type { SecretSource, SecretValues } from "./secrets";

export interface DeployOptions {
  /** The component that the resources belong to; it is part of their identity. */
  readonly parent: pulumi.Resource;
  readonly provider: pulumi.ProviderResource;
  /** What has to stand before any of the objects, for example the platform's CustomResourceDefinitions. Default: nothing. */
  readonly dependsOn?: readonly pulumi.Resource[];
  /** An order that the objects themselves don't tell, for example a migration before what it migrates for. Default: none. */
  readonly after?: Sequence;
  /** What else has to stand before single objects, by `objectKey`; it may become known later than the objects. Default: nothing. */
  readonly outside?: ReadonlyMap<string, Promise<readonly pulumi.Resource[]>>;
  /** Who knows the values of Secrets that are rendered without any; they are encrypted in the state and never shown. Default: nobody. */
  readonly secrets?: SecretSource;
}

/**
 * Hands objects to the Pulumi engine: the only door between rendering and engine.
 *
 * Each object becomes one resource that waits for exactly what it needs (see `dependencies`), so the engine works on the rest
 * side by side, and takes things down in the opposite order. The resources come in the order of the objects.
 */
export function deploy(objects: readonly KubeObject[], options: DeployOptions): KubernetesResource[] {
  const { parent, provider, dependsOn = [], after = new Map(), outside, secrets } = options;
  const needs = dependencies(objects, after);
  const made = new Map<KubeObject, KubernetesResource>();
  for (const object of inOrder(objects, after)) {
    const key = objectKey(object);
    const before = [...dependsOn, ...(needs.get(key) ?? []).flatMap((other) => made.get(other) ?? [])];
    const late = outside?.get(key)?.then((others) => [...before, ...others]);
    const resource = new KubernetesResource(object, secretInputs(secrets?.valuesOf(object)), {
      parent,
      provider,
      dependsOn: late ?? before,
    });
    made.set(object, resource);
  }
  return objects.flatMap((object) => made.get(object) ?? []);
}

function secretInputs(values: SecretValues | undefined): pulumi.Inputs {
  return values === undefined ? {} : { stringData: pulumi.secret(values) };
}
