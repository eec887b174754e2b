import { createHash, randomBytes } from "node:crypto";
import { PetrichorError } from "../../components/errors";
import { freeLink, freePort, isLinkFree, isPortFree, loopbackAddress, takenSubnets, type Link } from "./addresses";
import { layoutOf, stateHome, type ClusterName, type Layout } from "./layout";
import { readJson, writeJson } from "./files";

/** Ports of 127.0.0.1 that an instance answers on. */
export interface Ports {
  /** The API server, with TLS. */
  readonly api: number;
  /** The image registry, without TLS. */
  readonly registry: number;
}

/** What was chosen for an instance when it was made, and is kept through its restarts. */
export interface Instance {
  readonly name: string;
  /** Five hexadecimal digits that tell instances of one machine apart, whatever their name and home. */
  readonly id: string;
  readonly ports: Ports;
  readonly link: Link;
  /** The address that Services of type LoadBalancer get. */
  readonly loadBalancerAddress: string;
  /** Key that Secrets are encrypted with in etcd: 32 bytes in base64. */
  readonly encryptionKey: string;
}

/** Where a usual cluster's free ports are looked for first; away from the well-known ones, which other clusters use. */
const usualPorts: Ports = { api: 16443, registry: 15000 };

/** Ports of the other clusters, below those that the kernel gives to clients (32768 on). */
const otherPorts = { first: 17_000, last: 31_998 } as const;

export function readInstance(layout: Layout): Promise<Instance | undefined> {
  return readJson(layout.instance);
}

/**
 * The instance that is about to start: as it was, with new addresses where others have taken the old ones meanwhile, or a
 * new one.
 *
 * @param ports those that a person asked for
 * @throws PetrichorError PORT_IN_USE when a port asked for is taken, MACHINE_UNSUITABLE when no address is free
 */
export async function prepareInstance(cluster: ClusterName, ports: Partial<Ports> = {}): Promise<Instance> {
  const layout = layoutOf(cluster);
  const before = await readInstance(layout);
  const id = before?.id ?? createHash("sha256").update(layout.folder).digest("hex").slice(0, 5);
  const instance: Instance = {
    name: cluster.name,
    id,
    ports: await choosePorts(ports, before?.ports ?? firstPorts(cluster, id)),
    link: chooseLink(id, before?.link),
    loadBalancerAddress: before?.loadBalancerAddress ?? chooseLoadBalancerAddress(cluster, id),
    encryptionKey: before?.encryptionKey ?? randomBytes(32).toString("base64"),
  };
  await writeJson(layout.instance, instance);
  return instance;
}

/** A machine's usual cluster has the address that everybody knows, others have one of their own beside it. */
function chooseLoadBalancerAddress(cluster: ClusterName, id: string): string {
  return isUsual(cluster) ? "127.0.0.1" : loopbackAddress(id);
}

function isUsual({ name, home = stateHome() }: ClusterName): boolean {
  return name === "local" && home === stateHome() && process.env["PETRICHOR_HOME"] === undefined;
}

/** Clusters that start at the same moment look at different ports, so that none takes one that another has just found free. */
function firstPorts(cluster: ClusterName, id: string): Ports {
  if (isUsual(cluster)) return usualPorts;
  const pairs = (otherPorts.last - otherPorts.first) / 2;
  const api = otherPorts.first + 2 * (Number.parseInt(id, 16) % pairs);
  return { api, registry: api + 1 };
}

async function choosePorts(asked: Partial<Ports>, preferred: Ports): Promise<Ports> {
  for (const [purpose, port] of Object.entries(asked)) {
    if (await isPortFree("127.0.0.1", port)) continue;
    throw new PetrichorError(
      "PORT_IN_USE",
      `Port ${port} of 127.0.0.1, asked for as the cluster's ${purpose} port, is used by another process.`,
      "Name another port, or none to get a free one.",
    );
  }
  const api = asked.api ?? (await freePort(preferred.api, Object.values(asked)));
  const registry = asked.registry ?? (await freePort(preferred.registry, [...Object.values(asked), api]));
  return { api, registry };
}

function chooseLink(id: string, before: Link | undefined): Link {
  const taken = takenSubnets();
  if (before !== undefined && isLinkFree(before, taken)) return before;
  const link = freeLink(id, taken);
  if (link !== undefined) return link;
  throw new PetrichorError(
    "MACHINE_UNSUITABLE",
    "Every subnet that an embedded cluster could use (10.213.0.0/16) is part of another network of this machine.",
    "Leave the network (often a VPN) that covers it while the cluster starts, or use an existing cluster instead.",
  );
}
