import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { AwsCluster } from "../../components/cluster/aws/cluster";
import { AzureCluster } from "../../components/cluster/azure/cluster";
import type { ClusterInfrastructure } from "../../components/cluster/infrastructure";
import { awsExample, azureExample, cloudAnswers, cloudInvoke } from "../support/clouds";
import { expectGolden } from "../support/golden";
import { record } from "../support/record";

const settings = { answers: cloudAnswers, invoke: cloudInvoke };

test.each<[cloud: string, make: () => ClusterInfrastructure]>([
  ["aws", () => new AwsCluster("aws-eu", { environment: "prod", definition: awsExample })],
  ["azure", () => new AzureCluster("azure-eu", { environment: "prod", definition: azureExample })],
])("every resource of %s with all its inputs", async (cloud, make) => {
  const { resources, calls, result } = await record(make, settings);
  const outputs = {
    kubeconfig: await value(result.kubeconfig),
    facts: await value(result.facts),
    nameServers: await value(result.nameServers),
  };
  expectGolden(join(__dirname, "clouds", `${cloud}.yaml`), stringify({ resources, calls, outputs }, { lineWidth: 0, aliasDuplicateObjects: false }));
});

async function value<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
