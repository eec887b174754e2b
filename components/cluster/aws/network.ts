import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { parseBlock } from "../cidr";
import type { AwsDefinition } from "./definition";
import { zonesOf } from "./facts";
import { planSubnets, type ZoneSubnets } from "./network-plan";

/** The VPC of an EKS cluster: a private and a public subnet per zone, egress through NAT, S3 reached without NAT. */
export class AwsNetwork extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly privateSubnetIds: pulumi.Output<string>[];

  constructor(name: string, definition: AwsDefinition, opts: pulumi.ComponentResourceOptions) {
    super("petrichor:cluster:AwsNetwork", name, {}, opts);
    const vpc = new ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: definition.network.cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: { Name: name } },
      { parent: this },
    );
    // Without rules: whatever forgets to name a security group talks to nobody.
    new ec2.DefaultSecurityGroup(`${name}-default`, { vpcId: vpc.id, ingress: [], egress: [] }, { parent: this });
    const zones = subnetPlan(definition).map((plan) => this.zone(name, vpc, plan));
    const internet = new ec2.InternetGateway(
      `${name}-internet`,
      { vpcId: vpc.id, tags: { Name: name } },
      { parent: this },
    );
    this.publicRoutes(name, vpc, internet, zones);
    const privateTables = this.privateRoutes(name, vpc, internet, natZones(zones, definition), zones);
    new ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${definition.region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: privateTables.map((table) => table.id),
      },
      { parent: this },
    );
    this.vpcId = vpc.id;
    this.privateSubnetIds = zones.map((zone) => zone.private.id);
    this.registerOutputs({ vpcId: this.vpcId, privateSubnetIds: this.privateSubnetIds });
  }

  private zone(name: string, vpc: ec2.Vpc, plan: ZoneSubnets): Zone {
    // The role tags are how the load balancer controller finds its subnets.
    const subnet = (kind: "private" | "public", cidrBlock: string, role: string): ec2.Subnet =>
      new ec2.Subnet(
        `${name}-${kind}-${plan.zone}`,
        {
          vpcId: vpc.id,
          availabilityZone: plan.zone,
          cidrBlock,
          mapPublicIpOnLaunch: false,
          tags: { Name: `${name}-${kind}-${plan.zone}`, [`kubernetes.io/role/${role}`]: "1" },
        },
        { parent: this },
      );
    return {
      name: plan.zone,
      private: subnet("private", plan.privateCidr, "internal-elb"),
      public: subnet("public", plan.publicCidr, "elb"),
    };
  }

  private publicRoutes(name: string, vpc: ec2.Vpc, internet: ec2.InternetGateway, zones: readonly Zone[]): void {
    const table = new ec2.RouteTable(
      `${name}-public`,
      { vpcId: vpc.id, tags: { Name: `${name}-public` } },
      { parent: this },
    );
    new ec2.Route(
      `${name}-public`,
      { routeTableId: table.id, destinationCidrBlock: everywhere, gatewayId: internet.id },
      { parent: this },
    );
    for (const zone of zones) this.associate(`${name}-public-${zone.name}`, table, zone.public);
  }

  private privateRoutes(
    name: string,
    vpc: ec2.Vpc,
    internet: ec2.InternetGateway,
    withNat: readonly Zone[],
    zones: readonly Zone[],
  ): ec2.RouteTable[] {
    const tables = withNat.map((zone) => this.natRouteTable(`${name}-private-${zone.name}`, vpc, internet, zone));
    for (const [index, zone] of zones.entries()) {
      this.associate(`${name}-private-${zone.name}`, tables[index % tables.length] as ec2.RouteTable, zone.private);
    }
    return tables;
  }

  private natRouteTable(name: string, vpc: ec2.Vpc, internet: ec2.InternetGateway, zone: Zone): ec2.RouteTable {
    const address = new ec2.Eip(name, { domain: "vpc", tags: { Name: name } }, { parent: this, dependsOn: internet });
    const gateway = new ec2.NatGateway(
      name,
      { subnetId: zone.public.id, allocationId: address.id, connectivityType: "public", tags: { Name: name } },
      { parent: this, dependsOn: internet },
    );
    const table = new ec2.RouteTable(name, { vpcId: vpc.id, tags: { Name: name } }, { parent: this });
    new ec2.Route(
      name,
      { routeTableId: table.id, destinationCidrBlock: everywhere, natGatewayId: gateway.id },
      { parent: this },
    );
    return table;
  }

  private associate(name: string, table: ec2.RouteTable, subnet: ec2.Subnet): void {
    new ec2.RouteTableAssociation(name, { routeTableId: table.id, subnetId: subnet.id }, { parent: this });
  }
}

interface Zone {
  readonly name: string;
  readonly private: ec2.Subnet;
  readonly public: ec2.Subnet;
}

/** The zones that get a NAT gateway of their own; the others use that of the first. */
function natZones(zones: readonly Zone[], { network }: AwsDefinition): readonly Zone[] {
  return network.nat === "single" ? zones.slice(0, 1) : zones;
}

function subnetPlan(definition: AwsDefinition): ZoneSubnets[] {
  const block = parseBlock(definition.network.cidr);
  if (block === undefined) throw new RangeError(`${definition.network.cidr} was not checked`);
  return planSubnets(block, zonesOf(definition));
}

const everywhere = "0.0.0.0/0";
