import path from "node:path";
import { loadStack } from "../../../stacks/project";
import { environmentNames } from "../../../stacks/project/files";
import { stackNames } from "../../../stacks/project/name";

const root = path.resolve(__dirname, "../../..");

test("the environments of the project", () => {
  expect(environmentNames(root)).toEqual(["dev", "local", "local-multi", "prod", "shop", "staging"]);
});

test.each(environmentNames(root))("%s keeps the schema and every check", (environment) => {
  expect(loadStack(root, environment).environment).toBe(environment);
});

test("prod spans AWS, Azure and an existing cluster", () => {
  const stack = loadStack(root, "prod");
  expect(Object.values(stack.clusters).map(({ kind }) => kind)).toEqual(["aws", "azure", "existing"]);
  expect(stackNames(stack, "apps")).toEqual(["prod.aws-eu", "prod.azure-eu", "prod.datacenter"]);
  expect(stackNames(loadStack(root, "dev"), "infra")).toEqual(["dev.infra"]);
});
