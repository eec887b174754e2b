import type { ClusterFacts } from "../cluster/facts";

/** The zone of the cluster in which a host or domain lies, the nearest where zones are nested; nothing where none does. */
export function zoneOf(name: string, { dnsZones = [] }: Pick<ClusterFacts, "dnsZones">): string | undefined {
  const around = dnsZones.filter((zone) => name === zone || name.endsWith(`.${zone}`));
  return around.sort((one, other) => other.length - one.length)[0];
}
