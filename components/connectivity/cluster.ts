import type { KubeObject } from "../kube/object";
import type { Labels, Selector } from "./selector";

export type Protocol = "TCP" | "UDP" | "SCTP";

export interface ContainerPort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** Pods that are alike: those of one workload. */
export interface Pods {
  /** `<namespace>/<name>`: the standard name label, else the name of the object that makes them. */
  readonly name: string;
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  readonly ports: readonly ContainerPort[];
}

export interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface PolicyPort {
  readonly port?: number | string;
  readonly endPort?: number;
  readonly protocol?: Protocol;
}

export interface Rule {
  /** Absent or empty: everyone. */
  readonly peers?: readonly Peer[];
  /** Absent or empty: every port of every protocol. */
  readonly ports?: readonly PolicyPort[];
}

export interface Policy {
  readonly namespace: string;
  readonly podSelector: Selector;
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** A port of a Service, and the pods behind it. */
export interface ServicePort {
  readonly namespace: string;
  readonly selector: Labels;
  /** `<name>:<port>`. */
  readonly text: string;
  readonly target: number | string;
  readonly protocol: Protocol;
}

/** What of a cluster decides who reaches whom. */
export interface ClusterObjects {
  readonly pods: readonly Pods[];
  readonly policies: readonly Policy[];
  readonly services: readonly ServicePort[];
}

interface PodTemplate {
  readonly metadata?: { readonly labels?: Labels };
  readonly spec?: {
    readonly containers?: readonly RawContainer[];
    readonly initContainers?: readonly RawContainer[];
  };
}
interface RawContainer {
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: Protocol }[];
}
interface RawRule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly PolicyPort[];
}

/** Reads what of the objects decides who reaches whom. */
export function readCluster(objects: readonly KubeObject[]): ClusterObjects {
  const namespaces = new Map(
    objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
  );
  return {
    pods: objects.flatMap((object) => podsOf(object, namespaces)),
    policies: objects.filter(({ kind }) => kind === "NetworkPolicy").map(policyOf),
    services: objects.filter(({ kind }) => kind === "Service").flatMap(servicePortsOf),
  };
}

/** The labels of a namespace: the API server adds its name to those that it is given. */
export function namespaceLabels(name: string, labels: Labels = {}): Labels {
  return { ...labels, "kubernetes.io/metadata.name": name };
}

function podsOf(object: KubeObject, namespaces: ReadonlyMap<string, Labels>): Pods[] {
  const template = templateOf(object);
  if (template === undefined) return [];
  const { namespace = "default", name } = object.metadata;
  const labels = template.metadata?.labels ?? {};
  const { containers = [], initContainers = [] } = template.spec ?? {};
  return [
    {
      name: `${namespace}/${labels["app.kubernetes.io/name"] ?? name}`,
      namespace,
      namespaceLabels: namespaceLabels(namespace, namespaces.get(namespace)),
      labels,
      ports: [...containers, ...initContainers].flatMap(({ ports = [] }) =>
        ports.map(({ name: portName, containerPort, protocol = "TCP" }) => ({
          ...(portName === undefined ? {} : { name: portName }),
          port: containerPort,
          protocol,
        })),
      ),
    },
  ];
}

function templateOf(object: KubeObject): PodTemplate | undefined {
  if (object.kind === "Pod") return object as PodTemplate;
  const spec = object.spec as
    | { readonly template?: PodTemplate; readonly jobTemplate?: { readonly spec?: { template?: PodTemplate } } }
    | undefined;
  return object.kind === "CronJob" ? spec?.jobTemplate?.spec?.template : spec?.template;
}

function policyOf({ metadata: { namespace = "default" }, spec }: KubeObject): Policy {
  const {
    podSelector = {},
    policyTypes,
    ingress,
    egress,
  } = spec as {
    podSelector?: Selector;
    policyTypes?: readonly string[];
    ingress?: readonly RawRule[];
    egress?: readonly RawRule[];
  };
  // Without a list, a policy is about ingress, and about egress where it has rules for it.
  const types = policyTypes ?? ["Ingress", ...(egress === undefined ? [] : ["Egress"])];
  return {
    namespace,
    podSelector,
    ...(types.includes("Ingress") ? { ingress: (ingress ?? []).map(ruleOf) } : {}),
    ...(types.includes("Egress") ? { egress: (egress ?? []).map(ruleOf) } : {}),
  };
}

function ruleOf({ from, to, ports }: RawRule): Rule {
  const peers = from ?? to;
  return { ...(peers === undefined ? {} : { peers }), ...(ports === undefined ? {} : { ports }) };
}

function servicePortsOf({ metadata: { name, namespace = "default" }, spec }: KubeObject): ServicePort[] {
  const { selector, ports = [] } = spec as {
    selector?: Labels;
    ports?: readonly { port: number; targetPort?: number | string; protocol?: Protocol }[];
  };
  if (selector === undefined) return [];
  return ports.map(({ port, targetPort, protocol = "TCP" }) => ({
    namespace,
    selector,
    text: `${name}:${port}`,
    target: targetPort ?? port,
    protocol,
  }));
}
