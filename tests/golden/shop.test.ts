import path from "node:path";
import { stringify } from "yaml";
import { emptyRelease, type Release } from "../../components/app/release";
import { loadProject, loadStack } from "../../stacks/project";
import { environmentNames } from "../../stacks/project/files";
import { stackNames } from "../../stacks/project/name";
import { expectGolden } from "../support/golden";

const root = path.resolve(__dirname, "../..");

/** What every environment would run: images that no registry has, for nothing is pulled here. */
const release: Release = {
  ...emptyRelease,
  apps: {
    hello: { web: built("hello/web") },
    shop: Object.fromEntries(
      ["api", "queue", "report", "web", "worker"].map((workload) => [workload, built(`shop/${workload}`)]),
    ),
  },
};

const stacks = environmentNames(root).flatMap((environment) => {
  const stack = loadStack(root, environment);
  return stack.apps === "all" || stack.apps.includes("shop") ? stackNames(stack, "apps") : [];
});

test("the shop is in these stacks", () => {
  expect(stacks).toEqual(["dev", "prod.aws-eu", "prod.azure-eu", "prod.datacenter", "shop", "staging.aws-eu", "staging.azure-eu"]);
});

test.each(stacks)("the objects of the shop in %s", (stack) => {
  const shop = loadProject({ root, stack, release }).apps.find(({ model }) => model.name === "shop");
  const yaml = (shop?.objects ?? []).map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }));
  expectGolden(path.join(__dirname, "apps", `shop.${stack}.yaml`), yaml.join("---\n"));
});

function built(name: string): { image: string } {
  return { image: `registry.petrichor.internal/${name}@sha256:${"a".repeat(64)}` };
}
