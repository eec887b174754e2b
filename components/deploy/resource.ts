import * as pulumi from "@pulumi/pulumi";
import { keys } from "../kube/labels";
import type { KubeObject } from "../kube/object";
import { formerApiVersions } from "./api-versions";

/** A Kubernetes object under the care of the Pulumi engine, of any kind, built-in or custom. */
export class KubernetesResource extends pulumi.CustomResource {
  /** What the API server says of the object; empty for kinds that have no status, unknown in a preview. */
  declare readonly status: pulumi.Output<Readonly<Record<string, unknown>> | undefined>;

  constructor(object: KubeObject, merged: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    const { apiVersion, kind } = object;
    super(
      resourceType(apiVersion, kind),
      resourceName(object),
      { ...object, ...merged, status: undefined },
      pulumi.mergeOptions(optionsOf(object), options),
    );
  }
}

function optionsOf({ apiVersion, kind, metadata }: KubeObject): pulumi.CustomResourceOptions {
  return {
    aliases: formerApiVersions(apiVersion, kind).map((former) => ({ type: resourceType(former, kind) })),
    retainOnDelete: metadata.annotations?.[keys.keep] === "true",
    protect: metadata.annotations?.[keys.protect] === "true",
  };
}

/** `shop/web`, or `shop` for an object outside namespaces. The kind is not part of it: it is the resource's type. */
export function resourceName({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/** The type under which the Kubernetes provider knows a kind, for example `kubernetes:apps/v1:Deployment`. */
export function resourceType(apiVersion: string, kind: string): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}
