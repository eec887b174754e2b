import { PetrichorError, type Place } from "../errors";
import { checkNetworks, checkOverlaps, type NamedNetwork, validNetworks } from "./check-network";
import { parseBlock } from "./cidr";
import type { AwsDefinition } from "./aws/definition";
import { awsRegions } from "./aws/regions";
import type { AzureDefinition } from "./azure/definition";
import { azureRegions } from "./azure/regions";
import { supportedVersions } from "./versions";

/** A cluster of a stack that a cloud gives. */
export type CloudDefinition = AwsDefinition | AzureDefinition;

/**
 * Everything about the cloud clusters of one environment that a schema can't see: regions and versions there are, zones of the region, networks
 * that fit and don't overlap. Clusters of one environment must not share addresses, so that they can be connected later.
 */
export function checkClouds(
  environment: string,
  clusters: Readonly<Record<string, CloudDefinition>>,
): PetrichorError[] {
  const named = Object.entries(clusters);
  const outer = named.map(([name, cluster]) => clusterNetworks(environment, name, cluster)[0]);
  return [
    ...named.flatMap(([name, cluster]) => checkCloud(environment, name, cluster)),
    ...checkOverlaps(validNetworks(outer)),
  ];
}

function checkCloud(environment: string, name: string, cluster: CloudDefinition): PetrichorError[] {
  const at = (field: string): Place => ({ stack: environment, field: `clusters.${name}.${field}` });
  return [
    ...checkRegion(name, cluster, at("region")),
    ...checkVersion(name, cluster, at("version")),
    ...checkNetworks(clusterNetworks(environment, name, cluster)),
    ...checkZones(name, cluster, at("network.zones")),
    ...checkEndpoint(name, cluster, at("endpoint.publicCidrs")),
  ];
}

function checkRegion(name: string, cluster: CloudDefinition, place: Place): PetrichorError[] {
  const known = cluster.kind === "aws" ? Object.keys(awsRegions) : azureRegions;
  if (known.includes(cluster.region)) return [];
  return [
    new PetrichorError(
      "CLUSTER_REGION_UNKNOWN",
      `cluster "${name}": ${cloudNames[cluster.kind]} has no region "${cluster.region}" for a cluster over three zones.`,
      `Choose one of ${known.join(", ")}.`,
      place,
    ),
  ];
}

function checkVersion(name: string, cluster: CloudDefinition, place: Place): PetrichorError[] {
  const versions: readonly string[] = supportedVersions[cluster.kind];
  if (versions.includes(cluster.version)) return [];
  return [
    new PetrichorError(
      "CLUSTER_VERSION_UNSUPPORTED",
      `cluster "${name}": ${cloudNames[cluster.kind]} doesn't offer Kubernetes ${cluster.version} in standard support.`,
      `Choose one of ${versions.join(", ")}.`,
      place,
    ),
  ];
}

function checkZones(name: string, cluster: CloudDefinition, place: Place): PetrichorError[] {
  const refuse = (what: string, fix: string): PetrichorError[] => [
    new PetrichorError("CLUSTER_ZONES_INVALID", `cluster "${name}": ${what}.`, fix, place),
  ];
  const zones = cluster.network.zones ?? awsRegions[cluster.region]?.map((letter) => cluster.region + letter);
  if (zones === undefined) return [];
  if (zones.length === 0)
    return refuse(`the zones of ${cluster.region} differ from account to account`, "Name two or three zones of it.");
  if (zones.length < 2 || zones.length > 3) return refuse(`it spans ${zones.length} zones`, "Name two or three zones.");
  if (new Set(zones).size < zones.length)
    return refuse(`a zone is named twice in ${zones.join(", ")}`, "Name each zone once.");
  const foreign = cluster.kind === "aws" ? zones.filter((zone) => !isZoneOf(zone, cluster.region)) : [];
  if (foreign.length === 0) return [];
  return refuse(`${foreign.join(", ")} is not a zone of ${cluster.region}`, `Name zones such as ${cluster.region}a.`);
}

function checkEndpoint(name: string, cluster: CloudDefinition, place: Place): PetrichorError[] {
  if (cluster.endpoint === "private") return [];
  return cluster.endpoint.publicCidrs.flatMap((cidr) => {
    const block = parseBlock(cidr);
    if (block === undefined) {
      return [
        new PetrichorError(
          "CLUSTER_NETWORK_INVALID",
          `cluster "${name}": ${JSON.stringify(cidr)} is not an IPv4 network.`,
          "Write it as an address and a prefix length, for example 203.0.113.0/24.",
          place,
        ),
      ];
    }
    if (block.prefix >= widestEndpoint) return [];
    return [
      new PetrichorError(
        "CLUSTER_ENDPOINT_OPEN",
        `cluster "${name}": ${cidr} would let ${block.prefix === 0 ? "the whole internet" : "a large part of the internet"} reach the API server.`,
        `Name the blocks of your offices and runners, /${widestEndpoint} or smaller, or use "private".`,
        place,
      ),
    ];
  });
}

/** The networks of a cluster; the first is the one that other clusters must not share. */
function clusterNetworks(
  environment: string,
  name: string,
  cluster: CloudDefinition,
): [NamedNetwork, ...NamedNetwork[]] {
  const network = (what: string, field: string, cidr: string, largest: number, smallest: number): NamedNetwork => ({
    title: `${what} of cluster "${name}"`,
    cidr,
    largest,
    smallest,
    place: { stack: environment, field: `clusters.${name}.network.${field}` },
  });
  if (cluster.kind === "aws") {
    const { cidr, serviceCidr } = cluster.network;
    return [network("VPC", "cidr", cidr, 16, 20), network("Service network", "serviceCidr", serviceCidr, 12, 24)];
  }
  const { cidr, podCidr, serviceCidr } = cluster.network;
  return [
    network("virtual network", "cidr", cidr, 16, 22),
    network("pod network", "podCidr", podCidr, 9, 20),
    network("Service network", "serviceCidr", serviceCidr, 12, 24),
  ];
}

function isZoneOf(zone: string, region: string): boolean {
  return zone.length === region.length + 1 && zone.startsWith(region) && /[a-z]$/.test(zone);
}

const cloudNames = { aws: "AWS", azure: "Azure" } as const;

/** Prefix length of the widest public block that may reach an API server: a company's own /8 is history, a /16 is large. */
const widestEndpoint = 16;
