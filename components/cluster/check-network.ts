import { PetrichorError, type Place } from "../errors";
import { type Block, isPrivate, overlaps, parseBlock } from "./cidr";

/** A network of a cluster, named as its author named it. */
export interface NamedNetwork {
  /** What it is for, for example `VPC`. */
  readonly title: string;
  readonly cidr: string;
  /** Shortest prefix allowed (the largest network), in bits. */
  readonly largest: number;
  /** Longest prefix allowed (the smallest network), in bits. */
  readonly smallest: number;
  readonly place: Place;
}

/** A network that passed the checks. */
export interface CheckedNetwork extends NamedNetwork {
  readonly block: Block;
}

/** Checks that networks are private address blocks of a size that works, and that no two overlap. */
export function checkNetworks(networks: readonly NamedNetwork[]): PetrichorError[] {
  const errors = networks.map(checkNetwork).filter((result) => result instanceof PetrichorError);
  return [...errors, ...checkOverlaps(validNetworks(networks))];
}

/** The networks that are address blocks of a size that works; the others are left to `checkNetworks`. */
export function validNetworks(networks: readonly NamedNetwork[]): CheckedNetwork[] {
  return networks.map(checkNetwork).flatMap((result) => (result instanceof PetrichorError ? [] : [result]));
}

/** One error per pair of networks that share an address; the place is that of the second. */
export function checkOverlaps(networks: readonly CheckedNetwork[]): PetrichorError[] {
  return networks.flatMap((second, index) =>
    networks
      .slice(0, index)
      .filter((first) => overlaps(first.block, second.block))
      .map(
        (first) =>
          new PetrichorError(
            "CLUSTER_NETWORK_OVERLAP",
            `the ${second.title} ${second.cidr} overlaps the ${first.title} ${first.cidr}.`,
            "Give one of them addresses that the other doesn't use.",
            second.place,
          ),
      ),
  );
}

function checkNetwork(network: NamedNetwork): CheckedNetwork | PetrichorError {
  const block = parseBlock(network.cidr);
  const refuse = (what: string, fix: string): PetrichorError =>
    new PetrichorError(
      "CLUSTER_NETWORK_INVALID",
      `the ${network.title} ${JSON.stringify(network.cidr)} ${what}.`,
      fix,
      network.place,
    );
  if (block === undefined)
    return refuse("is not an IPv4 network", "Write it as an address and a prefix length, for example 10.0.0.0/16.");
  if (!isPrivate(block))
    return refuse("is not a private network", "Take addresses from 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.");
  if (block.prefix < network.largest || block.prefix > network.smallest) {
    return refuse(
      "has a size that doesn't work",
      `Choose a prefix length from /${network.largest} to /${network.smallest}.`,
    );
  }
  return { ...network, block };
}
