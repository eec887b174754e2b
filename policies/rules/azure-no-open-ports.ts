import { everyResource, isEverywhere, isWebsite, listAt, told } from "../clouds";
import type { CloudRule } from "../rule";

interface SecurityRule {
  readonly access?: unknown;
  readonly direction?: unknown;
  readonly destinationPortRange?: unknown;
  readonly destinationPortRanges?: readonly unknown[];
  readonly sourceAddressPrefix?: unknown;
  readonly sourceAddressPrefixes?: readonly unknown[];
}

export const azureNoOpenPorts: CloudRule = {
  scope: "cloud",
  cloud: "azure",
  name: "azure-no-open-ports",
  topic: "cloud",
  title: "Network security groups open nothing but websites to the internet",
  why: "Whatever listens on an open port is found by scanners within minutes.",
  remedy: "Name the networks that may come in",
  level: "mandatory",
  frameworks: { cis: "Azure 7.1, 7.2" },
  judge: everyResource(
    ["azure-native:network:NetworkSecurityGroup", "azure-native:network:SecurityRule"],
    (properties, { type }) => {
      const isGroup = type.endsWith("NetworkSecurityGroup");
      const entries = (isGroup ? listAt(properties, "securityRules") : [properties]) as readonly SecurityRule[];
      const open = entries
        .filter(({ access, direction }) => access === "Allow" && direction === "Inbound")
        .filter(({ sourceAddressPrefix, sourceAddressPrefixes = [] }) =>
          [sourceAddressPrefix, ...sourceAddressPrefixes].some(isEverywhere),
        )
        .flatMap(({ destinationPortRange, destinationPortRanges = [] }) => [
          ...(destinationPortRange === undefined ? [] : [destinationPortRange]),
          ...destinationPortRanges,
        ])
        .find((ports) => !isWebsite(ports, ports));
      return open === undefined ? undefined : `ports ${told(open)} are open to everyone`;
    },
  ),
};
