import { AwsCluster } from "../../components/cluster/aws/cluster";
import { AzureCluster } from "../../components/cluster/azure/cluster";
import type { ClusterInfrastructure } from "../../components/cluster/infrastructure";
import type { CloudResource } from "../../policies/rule";
import { cloudRules, stackRules } from "../../policies/rules";
import { awsExample, azureExample, cloudAnswers, cloudInvoke } from "../support/clouds";
import { record } from "../support/record";
import { easySettings } from "./evaluator";
import { cloudFixtures } from "./fixtures/clouds";
import { stackFixtures } from "./fixtures/stacks";

// Cloud rules are judged on what programs ask for under mocks: it proves what is asked, nothing about what a cloud makes of it.

test("every stack and cloud rule has passing and violating cases", () => {
  expect(Object.keys(stackFixtures).sort()).toEqual(stackRules.map(({ name }) => name).sort());
  expect(Object.keys(cloudFixtures).sort()).toEqual(cloudRules.map(({ name }) => name).sort());
  for (const cases of [...Object.values(stackFixtures), ...Object.values(cloudFixtures)]) {
    expect(new Set(cases.map(({ expected }) => expected))).toEqual(new Set(["pass", "violation"]));
  }
});

const stackCases = stackRules.flatMap((rule) =>
  (stackFixtures[rule.name] ?? []).map((one) => [`${rule.name}: ${one.name}, ${one.expected}`, rule, one] as const),
);
test.each(stackCases)("%s", (_, rule, { objects, settings, expected }) => {
  const violations = rule.judge(objects, { ...easySettings, ...settings });
  expect(violations.map(({ message }) => message)).toHaveLength(expected === "violation" ? 1 : 0);
  for (const { object, message } of violations) {
    expect(objects).toContain(object);
    expect(message).toMatch(/^[^.].*[^.]$/);
  }
});

const cloudCases = cloudRules.flatMap((rule) =>
  (cloudFixtures[rule.name] ?? []).map((one) => [`${rule.name}: ${one.name}, ${one.expected}`, rule, one] as const),
);
test.each(cloudCases)("%s", (_, rule, { resources, expected }) => {
  const violations = rule.judge(resources);
  expect(violations.map(({ resource }) => resource)).toEqual(expected === "violation" ? [resources[0]] : []);
});

test.each<[cloud: string, make: () => ClusterInfrastructure]>([
  ["aws", () => new AwsCluster("aws-eu", { environment: "prod", definition: awsExample })],
  ["azure", () => new AzureCluster("azure-eu", { environment: "prod", definition: azureExample })],
])("what the platform asks of %s breaks no rule, and is looked at by each of that cloud's", async (cloud, make) => {
  const { resources } = await record(make, { answers: cloudAnswers, invoke: cloudInvoke });
  const known: CloudResource[] = resources.map(({ type, name, inputs }) => ({ type, name, properties: inputs }));
  const rules = cloudRules.filter((rule) => rule.cloud === cloud);
  const violations = rules.flatMap((rule) =>
    rule.judge(known).map(({ resource, message }) => `${rule.name} | ${resource.type} ${resource.name} | ${message}`),
  );
  expect(violations).toEqual([]);
  // The same resources without any property: a rule that finds nothing then looks at none of them.
  const bare = known.map((resource) => ({ ...resource, properties: {} }));
  const blind = rules.filter((rule) => rule.judge(bare).length === 0).map(({ name }) => name);
  expect(blind).toEqual(cloud === "aws" ? ["aws-no-open-ports", "aws-no-wildcard-policies"] : ["azure-no-open-ports"]);
});
