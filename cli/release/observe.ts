import type {
  Observations,
  ObservedNode,
  ObservedObject,
  ObservedService,
  ObservedStorageClass,
  ObservedWorkload,
} from "../../components/cluster/observations";
import type { Kubectl } from "../kubectl";

interface Listed extends ObservedObject {
  readonly kind: string;
}

/** Looks at everything in a cluster that facts are read from. It reads only, and needs no right but to list. */
export async function observe(kubectl: Kubectl): Promise<Observations> {
  const [version, { items }] = await Promise.all([
    kubectl.text("get", "--raw", "/version").then((text) => JSON.parse(text) as Observations["version"]),
    kubectl.json<{ items: Listed[] }>("get", kinds.join(","), "--all-namespaces"),
  ]);
  const of = <T>(kind: string): T[] => items.filter((item) => item.kind === kind) as unknown as T[];
  return {
    version,
    nodes: of<ObservedNode>("Node"),
    storageClasses: of<ObservedStorageClass>("StorageClass"),
    services: of<ObservedService>("Service"),
    customResourceDefinitions: of<ObservedObject>("CustomResourceDefinition"),
    mutatingWebhooks: of<ObservedObject>("MutatingWebhookConfiguration"),
    deployments: of<ObservedWorkload>("Deployment"),
    daemonSets: of<ObservedWorkload>("DaemonSet"),
  };
}

const kinds = [
  "nodes",
  "services",
  "storageclasses.storage.k8s.io",
  "customresourcedefinitions.apiextensions.k8s.io",
  "mutatingwebhookconfigurations.admissionregistration.k8s.io",
  "deployments.apps",
  "daemonsets.apps",
];
