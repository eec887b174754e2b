import type { KubeObject } from "../components/kube/object";
import { podPaths } from "./kinds";

type Plain = Readonly<Record<string, unknown>>;

/** A copy of an object whose pod is changed; an object without a pod comes back as it is. */
export function withPod(object: KubeObject, change: (pod: Plain) => Plain): KubeObject {
  const path = (podPaths as Partial<Record<string, string>>)[object.kind];
  return path === undefined ? object : (changeAt(object, path.split("."), change) as KubeObject);
}

const lists = ["containers", "initContainers", "ephemeralContainers"];

/** A copy of an object whose containers, init and ephemeral ones too, are changed. */
export function withContainers(object: KubeObject, change: (container: Plain) => Plain): KubeObject {
  return withPod(object, (pod) => ({
    ...pod,
    ...Object.fromEntries(
      lists.filter((list) => Array.isArray(pod[list])).map((list) => [list, (pod[list] as Plain[]).map(change)]),
    ),
  }));
}

/** A copy of a container whose security context has these fields. */
export function withSecurityContext(container: Plain, fields: Plain): Plain {
  return { ...container, securityContext: { ...(container.securityContext as Plain | undefined), ...fields } };
}

/** The pod of an object, or nothing. */
export function podOf(object: KubeObject): Plain | undefined {
  const path = (podPaths as Partial<Record<string, string>>)[object.kind];
  if (path === undefined) return undefined;
  return path.split(".").reduce<unknown>((value, key) => (value as Plain | undefined)?.[key], object) as
    Plain | undefined;
}

function changeAt(value: Plain, path: readonly string[], change: (value: Plain) => Plain): Plain {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const child = value[key];
  return typeof child === "object" && child !== null
    ? { ...value, [key]: changeAt(child as Plain, rest, change) }
    : value;
}
