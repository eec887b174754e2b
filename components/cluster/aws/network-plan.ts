import { allocate, type Block, formatBlock } from "../cidr";

/** Addresses of the subnets of one zone. */
export interface ZoneSubnets {
  /** Name of the zone, for example `eu-central-1a`. */
  readonly zone: string;
  /** For nodes and pods. */
  readonly privateCidr: string;
  /** For load balancers and the NAT gateway. */
  readonly publicCidr: string;
}

/**
 * Cuts a VPC into a private and a public subnet per zone: a quarter of the VPC each for pods, a sixteenth of that each for load balancers.
 * A quarter less what the public subnets take stays free, for subnets that nobody thought of yet.
 */
export function planSubnets(vpc: Block, zones: readonly string[]): ZoneSubnets[] {
  const privates = zones.map(() => vpc.prefix + 2);
  const publics = zones.map(() => vpc.prefix + 6);
  const blocks = allocate(vpc, [...privates, ...publics]);
  if (blocks === undefined) throw new RangeError(`${formatBlock(vpc)} has no room for ${zones.length} zones`);
  const cidr = (index: number): string => formatBlock(blocks[index] as Block);
  return zones.map((zone, index) => ({ zone, privateCidr: cidr(index), publicCidr: cidr(zones.length + index) }));
}
