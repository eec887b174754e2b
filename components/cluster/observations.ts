/** The parts of objects that facts are read from, as `kubectl get --output json` prints them. */
export interface ObservedObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export interface ObservedNode extends ObservedObject {
  readonly spec?: { readonly providerID?: string };
  readonly status: { readonly nodeInfo: { readonly architecture: string } };
}

export interface ObservedStorageClass extends ObservedObject {
  readonly provisioner: string;
  readonly allowVolumeExpansion?: boolean;
}

export interface ObservedService extends ObservedObject {
  readonly spec: { readonly type?: string };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } };
}

export interface ObservedWorkload extends ObservedObject {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

/** Everything that was looked at in a cluster. */
export interface Observations {
  readonly version: { readonly major: string; readonly minor: string };
  readonly nodes: readonly ObservedNode[];
  readonly storageClasses: readonly ObservedStorageClass[];
  readonly services: readonly ObservedService[];
  readonly customResourceDefinitions: readonly ObservedObject[];
  readonly mutatingWebhooks: readonly ObservedObject[];
  readonly deployments: readonly ObservedWorkload[];
  readonly daemonSets: readonly ObservedWorkload[];
}
