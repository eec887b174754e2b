import { keys } from "../kube/labels";
import type { KubeObject } from "../kube/object";

/** Whether an object defines a kind of custom resources. */
export function isDefinition({ kind }: KubeObject): boolean {
  return kind === "CustomResourceDefinition";
}

/**
 * A definition of an engine's kinds as it is installed: deleting it would delete everything of its kind, whoever made that, so it stays when the
 * engine goes, and is found by its labels when it is asked for by name. Any other object is returned as it is. Pure.
 * @param owner the cluster of the stack that installs it, for example `prod-aws-eu`
 */
export function keptDefinition(object: KubeObject, engine: string, owner: string): KubeObject {
  if (!isDefinition(object)) return object;
  const { labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, "app.kubernetes.io/managed-by": "petrichor", [keys.engine]: engine, [keys.stack]: owner },
      annotations: { ...annotations, [keys.keep]: "true" },
    },
  };
}
