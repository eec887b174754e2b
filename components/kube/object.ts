/** A Kubernetes object as plain data, exactly as it is sent to the API server. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** `apps/v1/Deployment shop/web`: the name of an object in messages and the key of an object in a stack. */
export function objectKey(object: KubeObject): string {
  const { name, namespace } = object.metadata;
  return `${object.apiVersion}/${object.kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
