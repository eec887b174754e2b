import type { KubeObject } from "../../components/kube/object";
import type { StackState } from "../engine/session";

/** The Kubernetes objects that a stack's state holds: what the cluster was given last. Secrets are left away. */
export function objectsIn({ deployment }: StackState): KubeObject[] {
  return (deployment.resources ?? [])
    .filter(({ type }) => type.startsWith("kubernetes:") && type !== "kubernetes:core/v1:Secret")
    .flatMap(({ inputs }) => (isObject(inputs) ? [inputs] : []));
}

function isObject(value: unknown): value is KubeObject {
  const object = value as Partial<KubeObject> | undefined;
  return typeof object?.kind === "string" && typeof object.metadata?.name === "string";
}
