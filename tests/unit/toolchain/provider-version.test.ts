import { readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../../package.json";
import { moduleFolder } from "../../../toolchain/locate";

it("reports the version of the SDK that the Kubernetes provider serves", () => {
  const main = readFileSync(join(moduleFolder("pulumi-resource-kubernetes"), "main.go"), "utf8");
  expect(/^var version = "(.*)"$/m.exec(main)?.[1]).toBe(manifest.dependencies["@pulumi/kubernetes"]);
});
