import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { AwsCluster } from "../../components/cluster/aws/cluster";
import { awsFacts } from "../../components/cluster/aws/facts";
import { AzureCluster } from "../../components/cluster/azure/cluster";
import { azureFacts } from "../../components/cluster/azure/facts";
import { clusterObjects } from "../../components/cluster/objects";
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

test.each([
  ["aws", { ...awsFacts({ environment: "prod", cluster: "aws-eu", definition: awsExample }), sharedFileSystem: "fs-1" }, awsExample],
  ["azure", azureFacts({ environment: "prod", cluster: "azure-eu", definition: azureExample }), azureExample],
] as const)("what a cluster in %s needs inside", (cloud, facts, definition) => {
  const objects = clusterObjects("prod", `${cloud}-eu`, definition, facts);
  expectGolden(join(__dirname, "clouds", `${cloud}-objects.yaml`), objects.map((object) => `---\n${stringify(object, { lineWidth: 0 })}`).join(""));
});

test("the shared class in AWS comes once the file system is known", () => {
  const facts = awsFacts({ environment: "prod", cluster: "aws-eu", definition: awsExample });
  expect(clusterObjects("prod", "aws-eu", awsExample, facts).filter(({ metadata }) => metadata.name === "shared")).toEqual([]);
});

async function value<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
