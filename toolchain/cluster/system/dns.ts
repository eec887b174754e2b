import type { KubeObject } from "../../../components/kube/object";
import { dnsAddress, dnsDomain } from "../network";
import { clusterRole, clusterRoleBinding, inNamespace, restrictedContainer, restrictedPod } from "./parts";

/** CoreDNS: answers names of Services, and asks the host's name servers for all others. */
export function dns(image: string): KubeObject[] {
  const name = "coredns";
  const namespace = "kube-system";
  const selector = { "k8s-app": "kube-dns" };
  const account = { name, namespace };
  return [
    inNamespace("v1", "ServiceAccount", account, { automountServiceAccountToken: false }),
    clusterRole("system:coredns", [
      { apiGroups: [""], resources: ["services", "namespaces"], verbs: ["list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
    ]),
    clusterRoleBinding("system:coredns", "system:coredns", [{ kind: "ServiceAccount", ...account }]),
    inNamespace("v1", "ConfigMap", account, { data: { Corefile: corefile } }),
    inNamespace("apps/v1", "Deployment", account, {
      spec: {
        replicas: 1,
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: selector },
          spec: {
            ...restrictedPod,
            serviceAccountName: name,
            automountServiceAccountToken: true,
            priorityClassName: "system-cluster-critical",
            // Names of the cluster are its own to answer: it asks the host's name servers itself.
            dnsPolicy: "Default",
            containers: [
              {
                ...restrictedContainer,
                name,
                image,
                args: ["-conf", "/etc/coredns/Corefile"],
                ports: [
                  { name: "dns", containerPort: 53, protocol: "UDP" },
                  { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
                  { name: "metrics", containerPort: 9153, protocol: "TCP" },
                ],
                env: [{ name: "GOMEMLIMIT", value: "100MiB" }],
                resources: { requests: { cpu: "20m", memory: "32Mi" }, limits: { memory: "170Mi" } },
                livenessProbe: { httpGet: { path: "/health", port: 8080 }, initialDelaySeconds: 10 },
                readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
                volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
              },
            ],
            volumes: [{ name: "config", configMap: { name } }],
          },
        },
      },
    }),
    inNamespace(
      "v1",
      "Service",
      { name: "kube-dns", namespace },
      {
        spec: {
          clusterIP: dnsAddress,
          selector,
          ports: [
            { name: "dns", port: 53, protocol: "UDP" },
            { name: "dns-tcp", port: 53, protocol: "TCP" },
            { name: "metrics", port: 9153, protocol: "TCP" },
          ],
        },
      },
    ),
  ];
}

const corefile = `.:53 {
  errors
  health {
    lameduck 2s
  }
  ready
  kubernetes ${dnsDomain} in-addr.arpa ip6.arpa {
    pods disabled
    ttl 5
    fallthrough in-addr.arpa ip6.arpa
  }
  prometheus :9153
  forward . /etc/resolv.conf
  cache 30
  loadbalance
}
`;
