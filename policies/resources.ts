import type { KubeObject } from "../components/kube/object";

/** A resource as a policy pack is given it. */
interface PackResource {
  readonly type: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** Plain data out of a resource's properties, and whether parts of them are known only once they are made. */
export interface KnownProperties {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly complete: boolean;
  /** Properties of which nothing is known yet. */
  readonly unknown: readonly string[];
}

/** Copies what is known of a resource. The engine's proxies throw for what is not; such fields are left out. */
export function knownProperties(props: Readonly<Record<string, unknown>>): KnownProperties {
  let complete = true;
  const copy = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const keys = Object.keys(value);
    const entries = keys.flatMap((key) => {
      try {
        return [[key, copy((value as Record<string, unknown>)[key])] as const];
      } catch (error) {
        if (!(error instanceof Error) || error.constructor.name !== "UnknownValueError") throw error;
        complete = false;
        return [];
      }
    });
    return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
  };
  const properties = copy(props) as Record<string, unknown>;
  const unknown = Object.keys(props).filter((key) => !Object.hasOwn(properties, key));
  return { properties, complete, unknown };
}

/** The Kubernetes object that a resource is, or nothing for another resource. */
export function kubeObjectOf({ type, props }: PackResource): { object: KubeObject; complete: boolean } | undefined {
  if (!type.startsWith("kubernetes:")) return undefined;
  const { properties, complete } = knownProperties(props);
  if (typeof properties.apiVersion !== "string" || typeof properties.kind !== "string") return undefined;
  const metadata = (properties.metadata ?? {}) as Partial<KubeObject["metadata"]>;
  return { object: { ...properties, metadata: { ...metadata, name: metadata.name ?? "" } } as KubeObject, complete };
}
