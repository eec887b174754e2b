import type { Instance } from "./instance";

/** Addresses inside every instance; its node has a network of its own, so they are the same for all. */
export const podSubnet = "10.244.0.0/16";
export const serviceSubnet = "10.96.0.0/16";
/** The first address of the Services: the API server's. */
export const apiServiceAddress = "10.96.0.1";
export const dnsAddress = "10.96.0.10";
export const dnsDomain = "cluster.local";

/** The port of the API server on the node's own address. */
export const apiServerPort = 6443;
/** The port of the registry on the node's loopback address, where containerd asks it. */
export const registryPort = 5000;

/** The host's end of the link; at most 15 characters. */
export function hostInterface(instance: Instance): string {
  return `petrichor-${instance.id}`;
}

export const nodeInterface = "eth0";

/** Addresses of machines in the cloud where they are given credentials: no pod is meant to have them. */
const linkLocal = "169.254.0.0/16";

/** Firewall rules inside the node. */
export function nodeRules(): string {
  return `table ip petrichor {
  chain postrouting {
    type nat hook postrouting priority srcnat;
    # Pods reach the outside by the node's address.
    ip saddr ${podSubnet} ip daddr != ${podSubnet} oifname "${nodeInterface}" masquerade
  }
  chain forward {
    type filter hook forward priority filter;
    ip daddr ${linkLocal} drop
    ip daddr ${serviceSubnet} reject
  }
  chain output {
    type filter hook output priority filter;
    # A Service that has no rules (yet) must not be looked for outside, where something else may have its address.
    ip daddr ${serviceSubnet} reject
  }
}
`;
}

/** Destinations that never lead out of the node: each pod has a route of its own, and an address without one has no pod. */
export const unreachable = [podSubnet] as const;

/** Settings of the node's network, as paths below /proc/sys. */
export const nodeSysctls = { "net/ipv4/ip_forward": "1" } as const;

/** Name of the instance's table among the host's firewall rules. */
export function hostTable(instance: Instance): string {
  return `petrichor-${instance.id}`;
}

/** Firewall rules on the host: the node reaches the outside by the host's address; the outside does not reach the node. */
export function hostRules(instance: Instance): string {
  const inside = hostInterface(instance);
  const table = hostTable(instance);
  return `table ip ${table}
delete table ip ${table}
table ip ${table} {
  chain postrouting {
    type nat hook postrouting priority srcnat;
    ip saddr ${instance.link.node} oifname != "${inside}" masquerade
  }
  chain forward {
    type filter hook forward priority filter;
    iifname != "${inside}" oifname "${inside}" ct state new drop
  }
}
`;
}
