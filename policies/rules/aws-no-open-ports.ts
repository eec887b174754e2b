import { everyResource, isEverywhere, isWebsite, listAt } from "../clouds";
import type { CloudRule } from "../rule";

interface Ingress {
  readonly fromPort?: unknown;
  readonly toPort?: unknown;
  readonly cidrBlocks?: readonly unknown[];
  readonly ipv6CidrBlocks?: readonly unknown[];
  readonly cidrIpv4?: unknown;
  readonly cidrIpv6?: unknown;
}

export const awsNoOpenPorts: CloudRule = {
  scope: "cloud",
  cloud: "aws",
  name: "aws-no-open-ports",
  topic: "cloud",
  title: "Security groups open nothing but websites to the internet",
  why: "Whatever listens on an open port is found by scanners within minutes.",
  remedy: "Name the networks or security groups that may come in",
  level: "mandatory",
  frameworks: { cis: "AWS 5.2, 5.3" },
  judge: everyResource(
    [
      "aws:ec2/securityGroup:SecurityGroup",
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
      "aws:ec2/securityGroupRule:SecurityGroupRule",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    ],
    (properties, { type }) => {
      if (properties.type === "egress") return undefined;
      const isGroup = type.endsWith("SecurityGroup");
      const entries = (isGroup ? listAt(properties, "ingress") : [properties]) as readonly Ingress[];
      const open = entries.find((one) => isOpen(one) && !isWebsite(one.fromPort, one.toPort));
      return open === undefined ? undefined : `ports ${portsOf(open)} are open to everyone`;
    },
  ),
};

function isOpen({ cidrBlocks = [], ipv6CidrBlocks = [], cidrIpv4, cidrIpv6 }: Ingress): boolean {
  return [...cidrBlocks, ...ipv6CidrBlocks, cidrIpv4, cidrIpv6].some(isEverywhere);
}

function portsOf({ fromPort, toPort }: Ingress): string {
  return typeof fromPort === "number" && typeof toPort === "number" ? `${fromPort} to ${toPort}` : "of every number";
}
