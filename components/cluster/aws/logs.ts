import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPlace } from "./facts";
import { logGroups } from "./keys";
import { trustFlowLogs } from "./trust";

interface AwsLogsArgs {
  readonly place: AwsPlace;
  readonly vpcId: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
}

/** What is logged outside the cluster: its control plane, and connections that the network refused (CIS asks for these). */
export class AwsLogs extends pulumi.ComponentResource {
  /** Has to exist before the cluster, which would otherwise make it without key and retention. */
  readonly controlPlane: cloudwatch.LogGroup;

  constructor(name: string, { place, vpcId, keyArn }: AwsLogsArgs, opts: pulumi.ComponentResourceOptions) {
    super("petrichor:cluster:AwsLogs", name, {}, opts);
    const [controlPlaneName, networkName] = logGroups(place);
    const group = (suffix: string, groupName: string): cloudwatch.LogGroup =>
      new cloudwatch.LogGroup(
        `${name}-${suffix}`,
        { name: groupName, retentionInDays: place.definition.logRetentionDays, kmsKeyId: keyArn },
        { parent: this },
      );
    this.controlPlane = group("control-plane", controlPlaneName);
    const network = group("network", networkName);
    const role = new iam.Role(
      `${name}-network`,
      { assumeRolePolicy: trustFlowLogs(place.definition.account) },
      { parent: this },
    );
    new iam.RolePolicy(
      `${name}-network`,
      {
        role: role.name,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
              Resource: [network.arn, pulumi.interpolate`${network.arn}:*`],
            },
          ],
        },
      },
      { parent: this },
    );
    new ec2.FlowLog(
      `${name}-network`,
      {
        vpcId,
        trafficType: "REJECT",
        logDestinationType: "cloud-watch-logs",
        logDestination: network.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 600,
      },
      { parent: this },
    );
    this.registerOutputs({ controlPlane: this.controlPlane.name, network: network.name });
  }
}
