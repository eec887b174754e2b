import * as fc from "fast-check";
import { planSubnets as planAws } from "../../components/cluster/aws/network-plan";
import { planSubnets as planAzure } from "../../components/cluster/azure/network-plan";
import { checkClouds, type CloudDefinition } from "../../components/cluster/check";
import { type Block, contains, formatBlock, overlaps, parseBlock } from "../../components/cluster/cidr";
import { awsExample, azureExample } from "../support/clouds";

const check = (clusters: Record<string, CloudDefinition>): string[] => checkClouds("prod", clusters).map(String);
const awsNetwork = (network: Partial<typeof awsExample.network>): CloudDefinition => ({
  ...awsExample,
  network: { ...awsExample.network, ...network },
});
const azureNetwork = (network: Partial<typeof azureExample.network>): CloudDefinition => ({
  ...azureExample,
  network: { ...azureExample.network, ...network },
});

test("the defaults of both clouds pass together", () => {
  expect(check({ aws: awsExample, azure: azureExample })).toEqual([]);
});

test.each<[title: string, cluster: CloudDefinition, expected: string]>([
  [
    "an unknown region of AWS",
    { ...awsExample, region: "eu-central-9" },
    'cluster "c": AWS has no region "eu-central-9" for a cluster over three zones. Choose one of af-south-1, ap-east-1',
  ],
  [
    "an unknown region of Azure",
    { ...azureExample, region: "atlantis" },
    'Azure has no region "atlantis" for a cluster over three zones.',
  ],
  [
    "a version that AWS doesn't support",
    { ...awsExample, version: "1.29" },
    'cluster "c": AWS doesn\'t offer Kubernetes 1.29 in standard support. Choose one of 1.36, 1.35, 1.34. [CLUSTER_VERSION_UNSUPPORTED]',
  ],
  [
    "a version that Azure doesn't support",
    { ...azureExample, version: "1.34" },
    "Choose one of 1.37, 1.36, 1.35. [CLUSTER_VERSION_UNSUPPORTED]",
  ],
  [
    "a network that is none",
    awsNetwork({ cidr: "10.0.0.1/16" }),
    'the VPC of cluster "c" "10.0.0.1/16" is not an IPv4 network.',
  ],
  [
    "a public network",
    awsNetwork({ cidr: "8.8.0.0/16" }),
    'the VPC of cluster "c" "8.8.0.0/16" is not a private network. Take addresses from',
  ],
  [
    "a network that is too small",
    awsNetwork({ cidr: "10.0.0.0/24" }),
    "has a size that doesn't work. Choose a prefix length from /16 to /20.",
  ],
  ["a network that is too large", azureNetwork({ cidr: "10.0.0.0/8" }), "Choose a prefix length from /16 to /22."],
  [
    "Services inside the VPC",
    awsNetwork({ serviceCidr: "10.0.128.0/20" }),
    'the Service network of cluster "c" 10.0.128.0/20 overlaps the VPC of cluster "c" 10.0.0.0/16.',
  ],
  [
    "pods on the addresses of nodes",
    azureNetwork({ podCidr: "10.1.0.0/16" }),
    'the pod network of cluster "c" 10.1.0.0/16 overlaps the virtual network of cluster "c" 10.1.0.0/16. Give one of them',
  ],
  [
    "a zone elsewhere",
    awsNetwork({ zones: ["eu-central-1a", "eu-west-1b"] }),
    "eu-west-1b is not a zone of eu-central-1. Name zones such as eu-central-1a.",
  ],
  ["a zone twice", azureNetwork({ zones: ["1", "1"] }), "a zone is named twice in 1, 1."],
  [
    "a single zone",
    awsNetwork({ zones: ["eu-central-1a"] }),
    "it spans 1 zones. Name two or three zones. [CLUSTER_ZONES_INVALID]",
  ],
  [
    "zones that depend on the account",
    { ...awsExample, region: "us-west-1" },
    "the zones of us-west-1 differ from account to account.",
  ],
  [
    "an endpoint for everybody",
    { ...azureExample, endpoint: { publicCidrs: ["0.0.0.0/0"] } },
    'cluster "c": 0.0.0.0/0 would let the whole internet reach the API server. Name the blocks of your offices and runners, /16 or smaller, or use "private". [CLUSTER_ENDPOINT_OPEN]',
  ],
  [
    "an endpoint for half of it",
    { ...awsExample, endpoint: { publicCidrs: ["128.0.0.0/1"] } },
    "would let a large part of the internet reach",
  ],
  [
    "an endpoint that is no network",
    { ...awsExample, endpoint: { publicCidrs: ["office"] } },
    'cluster "c": "office" is not an IPv4 network.',
  ],
])("%s is refused", (_title, cluster, expected) => {
  const errors = check({ c: cluster });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(expected);
  expect(errors[0]).toContain('stack "prod"');
});

test("two clusters of an environment must not share addresses, and the second is told", () => {
  const [error, ...others] = checkClouds("prod", { aws: awsExample, azure: azureNetwork({ cidr: "10.0.64.0/18" }) });
  expect(others).toEqual([]);
  expect(error?.code).toBe("CLUSTER_NETWORK_OVERLAP");
  expect(error?.place).toEqual({ stack: "prod", field: "clusters.azure.network.cidr" });
});

test("everything wrong is told at once", () => {
  const errors = checkClouds("prod", {
    c: { ...awsExample, region: "nowhere", version: "1.10", network: { ...awsExample.network, cidr: "x" } },
  });
  expect(errors.map(({ code }) => code)).toEqual([
    "CLUSTER_REGION_UNKNOWN",
    "CLUSTER_VERSION_UNSUPPORTED",
    "CLUSTER_NETWORK_INVALID",
  ]);
});

describe("network plans", () => {
  const vpc = fc
    .record({ prefix: fc.integer({ min: 16, max: 20 }), second: fc.integer({ min: 0, max: 255 }) })
    .map(({ prefix, second }): Block => ({ first: 10 * 2 ** 24 + second * 2 ** 16, prefix }));
  const blockOf = (text: string): Block => parseBlock(text) as Block;

  test("AWS: subnets lie in the VPC, never overlap, and pods get at least a quarter of it per zone", () => {
    fc.assert(
      fc.property(vpc, fc.constantFrom(["a", "b"], ["a", "b", "c"]), (within, zones) => {
        const plan = planAws(within, zones);
        expect(plan.map(({ zone }) => zone)).toEqual(zones);
        const blocks = plan.flatMap(({ privateCidr, publicCidr }) => [privateCidr, publicCidr]).map(blockOf);
        for (const [index, block] of blocks.entries()) {
          expect(contains(within, block)).toBe(true);
          // AWS takes subnets from /16 to /28.
          expect(block.prefix).toBeLessThanOrEqual(28);
          for (const other of blocks.slice(index + 1)) expect(overlaps(block, other)).toBe(false);
        }
        for (const { privateCidr } of plan) expect(blockOf(privateCidr).prefix).toBe(within.prefix + 2);
      }),
    );
  });

  test("Azure: two subnets in the network that don't overlap", () => {
    fc.assert(
      fc.property(vpc, (within) => {
        const { nodesCidr, apiServerCidr } = planAzure(within);
        expect(overlaps(blockOf(nodesCidr), blockOf(apiServerCidr))).toBe(false);
        expect(contains(within, blockOf(nodesCidr)) && contains(within, blockOf(apiServerCidr))).toBe(true);
      }),
    );
  });

  test("AWS, as an example", () => {
    expect(planAws({ first: 10 * 2 ** 24, prefix: 16 }, ["a", "b", "c"])).toEqual([
      { zone: "a", privateCidr: "10.0.0.0/18", publicCidr: "10.0.192.0/22" },
      { zone: "b", privateCidr: "10.0.64.0/18", publicCidr: "10.0.196.0/22" },
      { zone: "c", privateCidr: "10.0.128.0/18", publicCidr: "10.0.200.0/22" },
    ]);
    expect(formatBlock(parseBlock("10.0.0.0/18") as Block)).toBe("10.0.0.0/18");
  });
});
