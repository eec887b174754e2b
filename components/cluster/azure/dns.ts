import * as dns from "@pulumi/azure-native/dns";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformIdentity } from "../identities";
import type { AzurePlace } from "./facts";
import { AzureWorkloadIdentity } from "./identities";
import { grant } from "./roles";

interface AzureDnsArgs {
  readonly place: AzurePlace;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
  readonly issuer: pulumi.Input<string>;
}

/** The public zones of the cluster, and who may write records in them: ExternalDNS and cert-manager, nothing else, nowhere else. */
export class AzureDns extends pulumi.ComponentResource {
  /** Domain → name servers to enter at the registrar. */
  readonly nameServers: Readonly<Record<string, pulumi.Output<string[]>>>;
  /** Client id of each identity. */
  readonly clientIds: Readonly<Partial<Record<PlatformIdentity, pulumi.Output<string>>>>;

  constructor(
    name: string,
    { place, resourceGroupName, tags, issuer }: AzureDnsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("petrichor:cluster:AzureDns", name, {}, opts);
    const { domains, deletionProtection, subscription } = place.definition;
    const zones = domains.map((domain) => ({
      domain,
      zone: new dns.Zone(
        `${name}-${domain}`,
        { resourceGroupName, zoneName: domain, zoneType: "Public", location: "global", tags },
        { parent: this, protect: deletionProtection },
      ),
    }));
    const writers = (["dns", "certificates"] as const).map((identity) => {
      const writer = new AzureWorkloadIdentity(
        `${name}-${identity}`,
        { resourceGroupName, tags, identity, issuer },
        { parent: this },
      );
      for (const { domain, zone } of zones) {
        grant(
          `${name}-${identity}-${domain}`,
          {
            subscription,
            role: "dnsZoneContributor",
            principalId: writer.principalId,
            principalType: "ServicePrincipal",
            scope: zone.id,
          },
          { parent: this },
        );
      }
      return [identity, writer.clientId] as const;
    });
    this.nameServers = Object.fromEntries(zones.map(({ domain, zone }) => [domain, zone.nameServers]));
    this.clientIds = Object.fromEntries(writers);
    this.registerOutputs({ nameServers: this.nameServers });
  }
}
