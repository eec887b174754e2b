import type * as eks from "@pulumi/aws/eks";
import type * as iam from "@pulumi/aws/iam";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { type AwsPlace, clusterName } from "./facts";
import { AwsPodIdentity } from "./pod-identity";

/** The public zones of the cluster, and who may write records in them: ExternalDNS and cert-manager, nothing else, nowhere else. */
export class AwsDns extends pulumi.ComponentResource {
  /** Domain → name servers to enter at the registrar. */
  readonly nameServers: Readonly<Record<string, pulumi.Output<string[]>>>;

  constructor(
    name: string,
    { place, cluster }: { place: AwsPlace; cluster: eks.Cluster },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("petrichor:cluster:AwsDns", name, {}, opts);
    const zones = place.definition.domains.map((domain) => ({
      domain,
      zone: new route53.Zone(
        `${name}-${domain}`,
        { name: domain, comment: `Records of the cluster ${clusterName(place)}` },
        { parent: this, protect: place.definition.deletionProtection },
      ),
    }));
    const statements = recordRights(zones.map(({ zone }) => zone.arn));
    for (const identity of ["dns", "certificates"] as const) {
      new AwsPodIdentity(
        `${name}-${identity}`,
        { cluster, clusterName: clusterName(place), identity, statements },
        { parent: this },
      );
    }
    this.nameServers = Object.fromEntries(zones.map(({ domain, zone }) => [domain, zone.nameServers]));
    this.registerOutputs({ nameServers: this.nameServers });
  }
}

function recordRights(zoneArns: pulumi.Output<string>[]): iam.PolicyStatement[] {
  return [
    {
      Effect: "Allow",
      Action: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
      Resource: zoneArns,
    },
    // These two know no narrower resource.
    { Effect: "Allow", Action: ["route53:ListHostedZones", "route53:ListHostedZonesByName"], Resource: "*" },
    { Effect: "Allow", Action: "route53:GetChange", Resource: "arn:aws:route53:::change/*" },
  ];
}
