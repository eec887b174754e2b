import { keys } from "../kube/labels";
import type { KubeObject } from "../kube/object";
import {
  type ClusterObjects,
  namespaceLabels,
  type Peer,
  type Pods,
  type Policy,
  type PolicyPort,
  type Protocol,
  readCluster,
  type Rule,
} from "./cluster";
import { everyPort, includes, intersection, type Range, union } from "./ranges";
import { selects, selectorText } from "./selector";

/** One end of a connection. */
export interface Party {
  /** `<namespace>/<name>` for pods of the objects, else words such as `gateway` or `10.20.0.0/16`. */
  readonly name: string;
  /** Whether the objects hold its pods. */
  readonly inside: boolean;
}

/** A way that is open: whoever is at `from` reaches these ports of `to`. */
export interface Connection {
  readonly from: Party;
  readonly to: Party;
  readonly protocol: Protocol;
  readonly ports: readonly Range[];
  /** Services that lead there, as `<name>:<port>`. */
  readonly services: readonly string[];
}

const protocols: readonly Protocol[] = ["TCP", "UDP", "SCTP"];

type Direction = "ingress" | "egress";

/** Pods that stand for those that the objects don't hold but policies may speak of. */
const outsiders: readonly Pods[] = [
  outsider("gateway", { [keys.role]: "gateway" }),
  outsider("telemetry", { [keys.role]: "telemetry" }),
  outsider("DNS", namespaceLabels("kube-system"), { "k8s-app": "kube-dns" }),
  outsider("other pods", namespaceLabels("-")),
];

function outsider(name: string, labels: Pods["namespaceLabels"], own: Pods["labels"] = {}): Pods {
  return {
    name,
    namespace: labels["kubernetes.io/metadata.name"] ?? "-",
    namespaceLabels: labels,
    labels: own,
    ports: [],
  };
}

/**
 * Every way that is open between the pods that objects come to, and between them and the rest of the world: to another pod when the sender's
 * egress and the receiver's ingress both allow it. It says what policies allow, whoever enforces them; what a node itself does
 * (probes) is not a matter of policies. Pure.
 */
export function connections(objects: readonly KubeObject[]): Connection[] {
  const cluster = readCluster(objects);
  const found = cluster.pods.flatMap((pods) => [
    ...cluster.pods.flatMap((to) => between(pods, to, cluster, true, true)),
    ...outsiders.flatMap((other) => [
      ...between(other, pods, cluster, false, true),
      ...between(pods, other, cluster, true, false),
    ]),
    ...beyond(pods, "ingress", cluster),
    ...beyond(pods, "egress", cluster),
  ]);
  return found.sort((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1));
}

function sortKey({ from, to, protocol }: Connection): string {
  return [from.name, to.name, protocol].join("\0");
}

function between(from: Pods, to: Pods, cluster: ClusterObjects, fromInside: boolean, toInside: boolean): Connection[] {
  return protocols.flatMap((protocol) => {
    const out = fromInside ? allowed(from, "egress", to, protocol, cluster) : everyPort;
    const into = toInside ? allowed(to, "ingress", from, protocol, cluster) : everyPort;
    const ports = intersection(out, into);
    if (ports.length === 0) return [];
    const services = toInside ? servicesTo(to, protocol, ports, cluster) : [];
    return [
      {
        from: { name: from.name, inside: fromInside },
        to: { name: to.name, inside: toInside },
        protocol,
        ports,
        services,
      },
    ];
  });
}

/** The ports that the policies of some pods leave open towards (or from) others. */
function allowed(
  pods: Pods,
  direction: Direction,
  other: Pods,
  protocol: Protocol,
  { policies }: ClusterObjects,
): readonly Range[] {
  const rules = rulesFor(pods, direction, policies);
  if (rules === undefined) return everyPort;
  const receiver = direction === "ingress" ? pods : other;
  const open = rules
    .filter(
      ({ rule, policy }) => takesEveryone(rule) || rule.peers?.some((peer) => isPeer(peer, other, policy)) === true,
    )
    .flatMap(({ rule }) => portsOf(rule, protocol, receiver));
  return union(open);
}

interface AppliedRule {
  readonly policy: Policy;
  readonly rule: Rule;
}

/** The rules of every policy that isolates some pods in one direction; nothing where none does, for then everything is open. */
function rulesFor(pods: Pods, direction: Direction, policies: readonly Policy[]): AppliedRule[] | undefined {
  const isolating = policies.filter(
    (policy) =>
      policy[direction] !== undefined &&
      policy.namespace === pods.namespace &&
      selects(policy.podSelector, pods.labels),
  );
  if (isolating.length === 0) return undefined;
  return isolating.flatMap((policy) => (policy[direction] ?? []).map((rule) => ({ policy, rule })));
}

function takesEveryone({ peers }: Rule): boolean {
  return peers === undefined || peers.length === 0;
}

function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, pods: Pods, policy: Policy): boolean {
  // Blocks of addresses are about what is outside the cluster; whether pods count among them differs between networks.
  if (ipBlock !== undefined) return false;
  const inNamespace =
    namespaceSelector === undefined
      ? pods.namespace === policy.namespace
      : selects(namespaceSelector, pods.namespaceLabels);
  return inNamespace && selects(podSelector ?? {}, pods.labels);
}

function portsOf({ ports }: Rule, protocol: Protocol, receiver: Pods): readonly Range[] {
  if (ports === undefined || ports.length === 0) return everyPort;
  return ports.filter((one) => (one.protocol ?? "TCP") === protocol).flatMap((one) => rangeOf(one, protocol, receiver));
}

function rangeOf({ port, endPort }: PolicyPort, protocol: Protocol, receiver: Pods): readonly Range[] {
  if (port === undefined) return everyPort;
  if (typeof port === "number") return [[port, endPort ?? port]];
  return receiver.ports
    .filter((one) => one.name === port && one.protocol === protocol)
    .map(({ port: number }): Range => [number, number]);
}

function servicesTo(pods: Pods, protocol: Protocol, ports: readonly Range[], { services }: ClusterObjects): string[] {
  return services
    .filter((service) => {
      if (service.namespace !== pods.namespace || service.protocol !== protocol) return false;
      if (!selects({ matchLabels: service.selector }, pods.labels)) return false;
      const target =
        typeof service.target === "number"
          ? service.target
          : pods.ports.find(({ name }) => name === service.target)?.port;
      return target !== undefined && includes(ports, target);
    })
    .map(({ text }) => text)
    .sort();
}

/** Addresses have no named ports. */
const nobody = outsider("", {});
const anywhere = "anywhere outside the cluster";

/** Names of everyone whom the objects don't hold: what is open to all of them is open to the world. */
export const everyoneOutside: readonly string[] = [...outsiders.map(({ name }) => name), anywhere];

/** What is open from or to addresses outside the cluster, and to pods that policies name and nobody here stands for. */
function beyond(pods: Pods, direction: Direction, cluster: ClusterObjects): Connection[] {
  const rules = rulesFor(pods, direction, cluster.policies);
  const open = new Map<string, Rule[]>();
  const add = (name: string, rule: Rule): void => void open.set(name, [...(open.get(name) ?? []), rule]);
  if (rules === undefined) add(anywhere, {});
  for (const { rule, policy } of rules ?? []) {
    if (takesEveryone(rule)) add(anywhere, rule);
    for (const peer of rule.peers ?? []) {
      const name = nameBeyond(peer, policy, cluster);
      if (name !== undefined) add(name, rule);
    }
  }
  return [...open].flatMap(([name, granting]) =>
    protocols.flatMap((protocol) => {
      const receiver = direction === "ingress" ? pods : nobody;
      const ports = union(granting.flatMap((rule) => portsOf(rule, protocol, receiver)));
      if (ports.length === 0) return [];
      const [own, other] = [
        { name: pods.name, inside: true },
        { name, inside: false },
      ];
      const services = direction === "ingress" ? servicesTo(pods, protocol, ports, cluster) : [];
      const ends = direction === "ingress" ? { from: other, to: own } : { from: own, to: other };
      return [{ ...ends, protocol, ports, services }];
    }),
  );
}

function nameBeyond(peer: Peer, policy: Policy, { pods }: ClusterObjects): string | undefined {
  if (peer.ipBlock !== undefined) return blockText(peer.ipBlock);
  if ([...pods, ...outsiders].some((one) => isPeer(peer, one, policy))) return undefined;
  const namespace =
    peer.namespaceSelector === undefined ? policy.namespace : selectorText(peer.namespaceSelector) || "any namespace";
  return `pods (${selectorText(peer.podSelector ?? {}) || "all"}) in ${namespace}`;
}

/** The block that holds every address, but for those that are private. */
function blockText({ cidr, except = [] }: NonNullable<Peer["ipBlock"]>): string {
  const all = cidr === "0.0.0.0/0" || cidr === "::/0";
  if (all && except.length === 0) return anywhere;
  if (all) return `the internet (${cidr === "::/0" ? "IPv6" : "IPv4"})`;
  return except.length === 0 ? cidr : `${cidr} without ${except.join(", ")}`;
}
