import { contentHash } from "../../../kube/names";
import type { KubeObject } from "../../../kube/object";
import type { Engine, EngineContext } from "../../engine";
import { engineNamespace, platformLabels } from "../../namespace";
import { kedaNamespace } from "../keda/names";
import { configuration } from "./configuration";
import { prometheusName, prometheusPort, telemetryNamespace } from "./names";

const version = "v3.16.0";
/** What scaling asks of the past is minutes; the rest is for people who look at what just happened. */
const retention = { time: "6h", size: "512MB" };

/** Keeps what the gateway, the autoscaler and workloads measure for a few hours: what `latency` and `promql` are scaled by. */
export const prometheus: Engine = {
  id: "prometheus",
  version,
  purpose: "keeps what is measured, for scaling on latency and on queries",
  needs: [],
  upstream: [],
  images: { prometheus: { published: `docker.io/prom/prometheus:${version}`, tool: "prometheus-image" } },
  capabilities: { measurements: true },
  objects: (context) => [
    engineNamespace("prometheus", telemetryNamespace, { role: "telemetry" }),
    ...identity(),
    settings(),
    deployment(context),
    service(),
    networkPolicy(),
  ],
};

const labels = platformLabels("prometheus");
const metadata = { name: prometheusName, namespace: telemetryNamespace, labels };
const selector = { "app.kubernetes.io/name": "prometheus", "app.kubernetes.io/part-of": "petrichor" };

/** It asks the API server where pods are, and nothing else. */
function identity(): KubeObject[] {
  const name = "petrichor-prometheus";
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name, labels },
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name, labels },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name: prometheusName, namespace: telemetryNamespace }],
    },
  ];
}

function settings(): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "prometheus.yml": configuration() } };
}

function deployment({ image }: EngineContext): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      revisionHistoryLimit: 1,
      template: {
        metadata: { labels: { ...labels, "petrichor.dev/configuration": contentHash(configuration()) } },
        spec: {
          serviceAccountName: prometheusName,
          automountServiceAccountToken: true,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65_532,
            runAsGroup: 65_532,
            fsGroup: 65_532,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [container(image("prometheus"))],
          volumes: [
            { name: "configuration", configMap: { name: prometheusName } },
            { name: "data", emptyDir: { sizeLimit: "1Gi" } },
          ],
        },
      },
    },
  };
}

function container(image: string): Record<string, unknown> {
  const probe = (path: string) => ({ httpGet: { path, port: "http" } });
  return {
    name: prometheusName,
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["/bin/prometheus"],
    args: [
      "--config.file=/etc/prometheus/prometheus.yml",
      "--storage.tsdb.path=/data",
      `--storage.tsdb.retention.time=${retention.time}`,
      `--storage.tsdb.retention.size=${retention.size}`,
      `--web.listen-address=:${prometheusPort}`,
      "--query.timeout=10s",
      "--query.max-concurrency=8",
      "--log.level=warn",
    ],
    ports: [{ name: "http", containerPort: prometheusPort }],
    startupProbe: { ...probe("/-/ready"), periodSeconds: 1, failureThreshold: 120 },
    readinessProbe: { ...probe("/-/ready"), periodSeconds: 5 },
    livenessProbe: { ...probe("/-/healthy"), periodSeconds: 10, failureThreshold: 6 },
    resources: { requests: { cpu: "20m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "configuration", mountPath: "/etc/prometheus", readOnly: true },
      { name: "data", mountPath: "/data" },
    ],
  };
}

function service(): KubeObject {
  const ports = [{ name: "http", port: prometheusPort, targetPort: "http" }];
  return { apiVersion: "v1", kind: "Service", metadata, spec: { type: "ClusterIP", selector, ports } };
}

/** The autoscaler asks it, what else belongs to telemetry, and people through the API server, whose way in is `kube-system` on some clouds. */
function networkPolicy(): KubeObject {
  const from = [kedaNamespace, telemetryNamespace, "kube-system"].map((name) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  }));
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata,
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: ["Ingress"],
      ingress: [{ from, ports: [{ port: prometheusPort, protocol: "TCP" }] }],
    },
  };
}
