import { createSocket } from "node:dgram";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";

/** IPv4 addresses that begin alike. */
export interface Subnet {
  readonly base: number;
  readonly prefix: number;
}

/** The addresses between host and node: two of a subnet of four. */
export interface Link {
  readonly host: string;
  readonly node: string;
  readonly prefix: 30;
}

/** Private addresses that links are taken from; seldom used by anything else. */
const linkPool: Subnet = { base: parseAddress("10.213.0.0"), prefix: 16 };
const linkSize = 4;
const linkCount = 2 ** (32 - linkPool.prefix) / linkSize;

/**
 * A link that overlaps nothing taken. The search starts at a place that the seed decides, so that two instances made at
 * the same moment don't ask for the same one.
 */
export function freeLink(seed: string, taken: readonly Subnet[]): Link | undefined {
  const start = hashNumber(seed) % linkCount;
  for (let step = 0; step < linkCount; step++) {
    const base = linkPool.base + ((start + step) % linkCount) * linkSize;
    if (taken.some((subnet) => overlaps(subnet, { base, prefix: 30 }))) continue;
    return { host: formatAddress(base + 1), node: formatAddress(base + 2), prefix: 30 };
  }
  return undefined;
}

/** Whether a link remembered from an earlier start can be used again. */
export function isLinkFree(link: Link, taken: readonly Subnet[]): boolean {
  return !taken.some((subnet) => overlaps(subnet, { base: parseAddress(link.host), prefix: link.prefix }));
}

/**
 * An address of the loopback network 127.0.0.0/8 that belongs to the seed, so that Services of two clusters can have the
 * same ports. Never 127.0.0.x, where other programs keep theirs.
 */
export function loopbackAddress(seed: string): string {
  const number = hashNumber(seed);
  const octet = (shift: number): number => 1 + ((number >>> shift) % 254);
  return `127.${octet(0)}.${octet(8)}.${octet(16)}`;
}

/** Subnets that this machine reaches, by its interfaces and its routes; the default route is none. */
export function takenSubnets(routes = readRoutes()): Subnet[] {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family }) => family === "IPv4")
    .map(({ address, cidr }) => ({ base: parseAddress(address), prefix: Number(cidr?.split("/")[1] ?? 32) }));
  return [...own, ...routes.filter(({ prefix }) => prefix > 0)];
}

function readRoutes(): Subnet[] {
  return parseRoutes(readFileSync("/proc/net/route", "utf8")).map(({ destination }) => destination);
}

export interface Route {
  readonly interface: string;
  readonly destination: Subnet;
}

/** The text of `/proc/net/route`: addresses in hexadecimal, the bytes in the processor's (little-endian) order. */
export function parseRoutes(text: string): Route[] {
  return text
    .split("\n")
    .slice(1)
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const fields = line.split(/\s+/);
      const [name = "", destination = "", mask = ""] = [fields[0], fields[1], fields[7]];
      const prefix = parseLittleEndian(mask).toString(2).replaceAll("0", "").length;
      return { interface: name, destination: { base: parseLittleEndian(destination), prefix } };
    });
}

/** Interfaces that lead to the rest of the world. */
export function uplinks(): string[] {
  const routes = parseRoutes(readFileSync("/proc/net/route", "utf8"));
  return [...new Set(routes.filter(({ destination }) => destination.prefix === 0).map((route) => route.interface))];
}

/** Whether nobody listens on a TCP port of an address. */
export function isPortFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => {
      resolve(false);
    });
    probe.listen({ host: address, port, exclusive: true }, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}

/** Tells whether nobody listens for datagrams on a port of an address. */
export function isDatagramPortFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createSocket("udp4");
    probe.once("error", () => {
      probe.close();
      resolve(false);
    });
    probe.bind({ address, port, exclusive: true }, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}

/** The first free TCP port of loopback from a given one on. */
export async function freePort(from: number, except: readonly number[] = []): Promise<number> {
  for (let port = from; port < 65_536; port++) {
    if (!except.includes(port) && (await isPortFree("127.0.0.1", port))) return port;
  }
  throw new RangeError(`no port from ${from} on is free`);
}

function overlaps(a: Subnet, b: Subnet): boolean {
  const size = 2 ** (32 - Math.min(a.prefix, b.prefix));
  return Math.floor(a.base / size) === Math.floor(b.base / size);
}

function hashNumber(seed: string): number {
  return createHash("sha256").update(seed).digest().readUInt32BE(0);
}

export function parseAddress(text: string): number {
  return text.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function parseLittleEndian(hexadecimal: string): number {
  return Buffer.from(hexadecimal, "hex").readUInt32LE(0);
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}
