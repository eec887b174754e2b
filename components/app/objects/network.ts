import { k8s } from "../../kube/k8s";
import { keys, selectorLabels } from "../../kube/labels";
import { joinName } from "../../kube/names";
import type { Protocol } from "../definition/network";
import { monitoringPort } from "../model/ports";
import type { AppModel, EdgeModel, ExposeModel, PortModel, StatefulModel, WorkloadModel } from "../model/types";
import { labelsOf, type RenderContext } from "./context";
import { replicasServiceName } from "./workload";

type Listening = Extract<WorkloadModel, { ports: object }>;

/** Address blocks that are not the internet: private (RFC 1918), carrier-grade, loopback and link-local, cloud metadata among them. */
const privateBlocks = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
];
const privateBlocks6 = ["fc00::/7", "fe80::/10"];

/** Ports on which collectors take OpenTelemetry over gRPC and HTTP. */
const telemetryPorts = [4317, 4318];

/** The Services of a workload that others call. */
export function serviceObjects(context: RenderContext, workload: WorkloadModel): void {
  if (!("ports" in workload) || workload.ports.length === 0) return;
  const { app, chart } = context;
  const { namespace, objectName } = workload;
  const labels = labelsOf(app, workload);
  const selector = selectorLabels(app.name, workload.name);
  const ports = workload.ports.map((port) => servicePort(port, port.port));
  new k8s.KubeService(chart, `${workload.name}/service`, {
    metadata: { name: objectName, namespace, labels, ...awaited(context, workload) },
    spec: { type: "ClusterIP", selector, ports },
  });
  if (workload.kind === "stateful") replicasService(context, workload, ports);
  const exposed = publicPorts(context, workload);
  if (exposed.length === 0) return;
  const annotations = context.facts.loadBalancerAnnotations;
  new k8s.KubeService(chart, `${workload.name}/public`, {
    metadata: {
      name: publicServiceName(workload),
      namespace,
      labels,
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {
      type: "LoadBalancer",
      selector,
      ports: exposed,
      ...(context.facts.loadBalancer === "loopback" ? { allocateLoadBalancerNodePorts: false } : {}),
    },
  });
}

/** The engine waits until a Service has a pod that is ready; one of a workload that sleeps may never have any while it waits. */
function awaited({ capabilities }: RenderContext, workload: Listening): { annotations?: Record<string, string> } {
  const sleeps = capabilities.autoscaling === true && workload.kind === "service" && workload.scale.min === 0;
  return sleeps ? { annotations: { [keys.skipAwait]: "true" } } : {};
}

/** Name of the load balancer's Service, where there is no gateway. */
export function publicServiceName(workload: WorkloadModel): string {
  return joinName([workload.objectName, "public"]);
}

function replicasService({ app, chart }: RenderContext, workload: StatefulModel, ports: k8s.ServicePort[]): void {
  new k8s.KubeService(chart, `${workload.name}/replicas`, {
    metadata: { name: replicasServiceName(workload), namespace: workload.namespace, labels: labelsOf(app, workload) },
    spec: {
      clusterIp: "None",
      // Replicas find each other before they are ready; that is how a quorum comes about.
      publishNotReadyAddresses: true,
      selector: selectorLabels(app.name, workload.name),
      ports,
    },
  });
}

function publicPorts({ capabilities, facts }: RenderContext, workload: Listening): k8s.ServicePort[] {
  if (capabilities.gateway === true || facts.loadBalancer === "none") return [];
  const ports = new Map<string, k8s.ServicePort>();
  for (const one of workload.expose) {
    const number = exposedNumber(one);
    const port = servicePort(one.port, number);
    ports.set(`${number}/${port.protocol ?? "TCP"}`, port);
  }
  return [...ports.values()];
}

function exposedNumber(expose: ExposeModel): number {
  return expose.type === "layer4" ? (expose.address ?? expose.port.port) : expose.port.port;
}

const applicationProtocols: Partial<Record<Protocol, string>> = { http: "http", grpc: "kubernetes.io/h2c" };

function servicePort({ name, protocol }: PortModel, number: number): k8s.ServicePort {
  const appProtocol = applicationProtocols[protocol];
  return {
    name,
    port: number,
    // By name: while a version with another number rolls out, and where it never gets ready, the pods of both are reached.
    targetPort: k8s.IntOrString.fromString(name),
    ...(protocol === "udp" ? { protocol: "UDP" } : {}),
    ...(appProtocol === undefined ? {} : { appProtocol }),
  };
}

/** Nothing goes in or out of the namespace but what the other policies open; every pod may ask for names and report telemetry. */
export function defaultPolicy({ app, chart }: RenderContext): void {
  new k8s.KubeNetworkPolicy(chart, "default-policy", {
    metadata: { name: "default", namespace: app.namespace, labels: labelsOf(app) },
    spec: {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ports: [portNumber(53, "udp"), portNumber(53, "tcp")],
        },
        { to: [role("telemetry")], ports: telemetryPorts.map((port) => portNumber(port, "tcp")) },
      ],
    },
  });
}

/** Opens exactly what a workload's links, addresses and allow-list say. */
export function workloadPolicy(context: RenderContext, workload: WorkloadModel): void {
  const ingress = [
    ...callerRules(workload),
    ...exposureRules(context, workload),
    ...metricsRules(workload),
    ...bufferRules(workload),
    ...replicaRules(workload, "from"),
  ];
  const egress = [...callRules(context, workload), ...allowRules(workload), ...replicaRules(workload, "to")];
  if (ingress.length + egress.length === 0) return;
  new k8s.KubeNetworkPolicy(context.chart, `${workload.name}/policy`, {
    metadata: {
      name: workload.objectName,
      namespace: workload.namespace,
      labels: labelsOf(context.app, workload),
      ...(ingress.some(({ from }) => from === undefined) ? { annotations: { [keys.open]: "true" } } : {}),
    },
    spec: {
      podSelector: { matchLabels: { [keys.workload]: workload.name } },
      policyTypes: [...(ingress.length > 0 ? ["Ingress"] : []), ...(egress.length > 0 ? ["Egress"] : [])],
      ...(ingress.length > 0 ? { ingress } : {}),
      ...(egress.length > 0 ? { egress } : {}),
    },
  });
}

function callerRules(workload: WorkloadModel): k8s.NetworkPolicyIngressRule[] {
  return workload.calledBy
    .filter(({ buffered }) => !buffered)
    .map((edge) => ({
      from: [peer(edge, workload)],
      ports: [portName(edge.port)],
    }));
}

function callRules({ capabilities }: RenderContext, workload: WorkloadModel): k8s.NetworkPolicyEgressRule[] {
  return workload.calls.map((edge) =>
    edge.buffered && capabilities.buffering !== undefined
      ? { to: [role("gateway")], ports: [portNumber(capabilities.buffering.port, "tcp")] }
      : { to: [peer(edge, workload)], ports: [portName(edge.port)] },
  );
}

/** Calls that are held on their way come from where they were held, and the autoscaler reads how much waits in a queue. */
function bufferRules(workload: WorkloadModel): k8s.NetworkPolicyIngressRule[] {
  const exposed = "expose" in workload ? workload.expose.map(({ port }) => port.name) : [];
  const called = workload.calledBy.filter(({ buffered, port }) => buffered && !exposed.includes(port.name));
  const monitored = "ports" in workload ? workload.ports.filter(({ name }) => name === monitoringPort) : [];
  return distinct([...called.map(({ port }) => port), ...monitored]).map((port) => ({
    from: [role("gateway")],
    ports: [portName(port)],
  }));
}

function peer(edge: EdgeModel, workload: WorkloadModel): k8s.NetworkPolicyPeer {
  const podSelector = { matchLabels: { [keys.workload]: edge.workload } };
  if (edge.namespace === workload.namespace) return { podSelector };
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": edge.namespace } }, podSelector };
}

function exposureRules({ app, capabilities }: RenderContext, workload: WorkloadModel): k8s.NetworkPolicyIngressRule[] {
  if (!("expose" in workload)) return [];
  const routed = capabilities.gateway === true && isRouted(app, workload) ? workload.ports.slice(0, 1) : [];
  return distinct([...workload.expose.map(({ port }) => port), ...routed]).map((port) => ({
    ...(capabilities.gateway === true ? { from: [role("gateway")] } : {}),
    ports: [portName(port)],
  }));
}

/** A port may be exposed and called several times. */
function distinct(ports: readonly PortModel[]): PortModel[] {
  return [...new Map(ports.map((port) => [port.name, port])).values()];
}

/** Whether addresses of other workloads lead to this one. */
function isRouted(app: AppModel, { name }: WorkloadModel): boolean {
  return app.workloads.some(
    (other) =>
      "expose" in other &&
      other.expose.some((one) => one.type === "route" && one.rules.some(({ to }) => Object.hasOwn(to, name))),
  );
}

function metricsRules(workload: WorkloadModel): k8s.NetworkPolicyIngressRule[] {
  const metrics = "ports" in workload ? workload.ports.find(({ name }) => name === "metrics") : undefined;
  return metrics === undefined ? [] : [{ from: [role("telemetry")], ports: [portName(metrics)] }];
}

/** Replicas of a stateful workload talk to each other: that is how they keep one state. */
function replicaRules(workload: WorkloadModel, direction: "from" | "to"): k8s.NetworkPolicyIngressRule[] {
  if (workload.kind !== "stateful" || workload.replicas < 2) return [];
  const itself = { podSelector: { matchLabels: { [keys.workload]: workload.name } } };
  return [{ [direction]: [itself], ports: workload.ports.map(portName) }];
}

function allowRules(workload: WorkloadModel): k8s.NetworkPolicyEgressRule[] {
  return workload.egress.map((one) => {
    if (one === "internet") {
      return {
        to: [
          { ipBlock: { cidr: "0.0.0.0/0", except: privateBlocks } },
          { ipBlock: { cidr: "::/0", except: privateBlocks6 } },
        ],
      };
    }
    const to = [{ ipBlock: { cidr: one.cidr } }];
    return one.ports === undefined ? { to } : { to, ports: one.ports.map((port) => portNumber(port, "tcp")) };
  });
}

function role(name: "gateway" | "telemetry"): k8s.NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { [keys.role]: name } } };
}

/** A port of a workload, which each of its pods has under the number of its own version. */
function portName({ name, protocol }: PortModel): k8s.NetworkPolicyPort {
  return { port: k8s.IntOrString.fromString(name), protocol: protocol === "udp" ? "UDP" : "TCP" };
}

/** A port of what isn't a workload. */
function portNumber(port: number, protocol: "tcp" | "udp"): k8s.NetworkPolicyPort {
  return { port: k8s.IntOrString.fromNumber(port), protocol: protocol === "udp" ? "UDP" : "TCP" };
}
