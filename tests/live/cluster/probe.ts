import { createSocket } from "node:dgram";
import { once } from "node:events";

/** The objects of the probe (see `probe/main.go`): a restricted pod with a volume, behind a load balancer. */
export function probeObjects(image: string, ports: { readonly http: number; readonly udp: number }): object {
  const [namespace, labels] = ["probe", { app: "probe" }];
  const metadata = { name: "probe", namespace };
  const container = {
    name: "probe",
    image,
    env: [{ name: "GREETING", value: "hello" }],
    readinessProbe: { httpGet: { port: 8080, path: "/" }, periodSeconds: 1 },
    volumeMounts: [{ name: "data", mountPath: "/data" }],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
  return list([
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    },
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata,
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Mi" } } },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        selector: { matchLabels: labels },
        strategy: { type: "Recreate" },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
            containers: [container],
            volumes: [{ name: "data", persistentVolumeClaim: { claimName: "probe" } }],
          },
        },
      },
    },
    loadBalancer("probe", [
      { name: "http", port: ports.http, targetPort: 8080, protocol: "TCP" },
      { name: "udp", port: ports.udp, targetPort: 8081, protocol: "UDP" },
    ]),
  ]);
}

/** A Service of type LoadBalancer in front of the probe. */
export function loadBalancer(name: string, ports: readonly object[]): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "probe" },
    spec: { type: "LoadBalancer", selector: { app: "probe" }, ports },
  };
}

export function list(items: readonly object[]): object {
  return { apiVersion: "v1", kind: "List", items };
}

/** Sends a datagram and returns the answer. */
export async function askByDatagram(address: string, port: number, text: string): Promise<string> {
  const socket = createSocket("udp4");
  try {
    const answer = once(socket, "message", { signal: AbortSignal.timeout(2000) });
    socket.send(text, port, address);
    return String(((await answer) as [Buffer])[0]);
  } finally {
    socket.close();
  }
}
