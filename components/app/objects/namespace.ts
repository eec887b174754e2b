import { k8s } from "../../kube/k8s";
import { keys } from "../../kube/labels";
import type { AppModel } from "../model/types";
import { labelsOf, type RenderContext } from "./context";

/** What a container gets that says nothing, for example one that an admission webhook adds. */
const unsaid = { cpu: "50m", memory: "128Mi" };

/** The app's namespace with the `restricted` Pod Security level, its quota, and limits for containers that set none. */
export function namespaceObjects({ chart, app }: RenderContext): void {
  const labels = labelsOf(app);
  const { name } = app;
  const podSecurity = Object.fromEntries(
    ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
  );
  // A namespace takes everything in it along, volumes too: one with data that must stay stays until someone names it for deletion.
  new k8s.KubeNamespace(chart, "namespace", {
    metadata: {
      name: app.namespace,
      labels: { ...labels, [keys.app]: name, ...podSecurity },
      ...(holdsData(app) ? { annotations: { [keys.keep]: "true" } } : {}),
    },
  });
  const { cpu, memory, storage, pods } = app.quota;
  new k8s.KubeResourceQuota(chart, "quota", {
    metadata: { name, namespace: app.namespace, labels },
    spec: {
      hard: {
        "requests.cpu": quantity(cpu),
        "requests.memory": quantity(memory),
        "requests.storage": quantity(storage),
        pods: k8s.Quantity.fromNumber(pods),
      },
    },
  });
  new k8s.KubeLimitRange(chart, "limits", {
    metadata: { name, namespace: app.namespace, labels },
    spec: {
      limits: [
        {
          type: "Container",
          default: { memory: quantity(unsaid.memory) },
          defaultRequest: { cpu: quantity(unsaid.cpu), memory: quantity(unsaid.memory) },
        },
      ],
    },
  });
}

function holdsData({ workloads }: AppModel): boolean {
  return workloads.some(({ volumes }) => volumes.some((volume) => volume.type === "persistent" && volume.retain));
}

/** A quantity exactly as it was written. */
export function quantity(text: string): k8s.Quantity {
  return k8s.Quantity.fromString(text);
}
