import { allocate, type Block, formatBlock } from "../cidr";

/** Addresses of a cluster's subnets. */
export interface AzureSubnets {
  /** For nodes. */
  readonly nodesCidr: string;
  /** For the API server's own addresses; Azure asks for a /28 at least and puts nothing else there. */
  readonly apiServerCidr: string;
}

/** Cuts a virtual network: half of it for nodes, a /28 for the API server, the rest stays free. */
export function planSubnets(virtualNetwork: Block): AzureSubnets {
  const [nodes, apiServer] = allocate(virtualNetwork, [virtualNetwork.prefix + 1, 28]) ?? [];
  if (nodes === undefined || apiServer === undefined)
    throw new RangeError(`${formatBlock(virtualNetwork)} has no room for two subnets`);
  return { nodesCidr: formatBlock(nodes), apiServerCidr: formatBlock(apiServer) };
}
