import type { Claim } from "../../components/deploy/volumes";
import type { Kubectl } from "../kubectl";

/** A volume claim of ours on a cluster. */
export interface OwnClaim extends Claim {
  readonly app: string;
  readonly workload: string;
}

interface ListedClaim {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly storageClassName?: string;
    readonly resources: { readonly requests: { readonly storage: string } };
  };
}

/** Every volume claim of ours on a cluster, by namespace and name. */
export async function ownClaims(kubectl: Kubectl): Promise<OwnClaim[]> {
  const selector = "app.kubernetes.io/managed-by=petrichor";
  const list = ["get", "persistentvolumeclaims", "--all-namespaces", "--selector", selector];
  const { items } = await kubectl.json<{ items: ListedClaim[] }>(...list);
  return items.map(({ metadata: { name, namespace, labels = {} }, spec }) => ({
    app: labels["app.kubernetes.io/part-of"] ?? namespace,
    workload: labels["app.kubernetes.io/name"] ?? "",
    namespace,
    name,
    size: spec.resources.requests.storage,
    ...(spec.storageClassName === undefined ? {} : { storageClass: spec.storageClassName }),
  }));
}
