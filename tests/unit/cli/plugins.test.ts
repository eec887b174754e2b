import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pluginOf, requirePlugin } from "../../../cli/engine/plugins";
import { PulumiCommand } from "../../../cli/engine/pulumi";
import { loadStack } from "../../../stacks/project";

const root = path.resolve(__dirname, "../../..");

describe("the plugin of a stack", () => {
  test.each([
    ["dev", "kubernetes"],
    ["dev.infra", "aws"],
    ["prod.aws-eu.infra", "aws"],
    ["prod.azure-eu.infra", "azure-native"],
    ["prod.azure-eu", "kubernetes"],
  ])("%s asks for %s and no other cloud's", (name, plugin) => {
    const found = pluginOf(root, name, loadStack(root, name.split(".")[0] ?? ""));
    expect(found).toMatchObject({ name: plugin, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string });
  });
});

describe("a plugin that a stack needs", () => {
  const plugin = { name: "aws", version: "7.48.0" };
  const before = process.env["PULUMI_HOME"];
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), "petrichor-plugins-"));
    process.env["PULUMI_HOME"] = home;
  });
  afterEach(() => {
    if (before === undefined) delete process.env["PULUMI_HOME"];
    else process.env["PULUMI_HOME"] = before;
    rmSync(home, { recursive: true });
  });

  /** An engine that can't fetch anything. */
  class Offline extends PulumiCommand {
    asked: readonly string[] = [];
    constructor() {
      super(root, {});
    }
    override run({ args }: { readonly args: readonly string[] }): Promise<string> {
      this.asked = args;
      return Promise.reject(new Error("no such host"));
    }
  }

  test("is asked for by name and version; without it the command says how to get it", async () => {
    const pulumi = new Offline();
    await expect(requirePlugin(plugin, pulumi, home)).rejects.toMatchObject({
      code: "PLUGIN_MISSING",
      message: "the engine's plugin pulumi-resource-aws 7.48.0 is not on this machine and could not be fetched.",
      fix: expect.stringContaining("`pulumi plugin install resource aws 7.48.0`") as string,
    });
    expect(pulumi.asked).toEqual(["plugin", "install", "resource", "aws", "7.48.0"]);
  });

  test.each([
    ["v7.48.0", true],
    ["v7.50.1", true],
    ["v7.9.0", false],
    ["v8.0.0", false],
  ])("that was fetched as %s serves: %s", async (version, serves) => {
    mkdirSync(path.join(home, `plugins/resource-aws-${version}`), { recursive: true });
    const asked = requirePlugin(plugin, new Offline(), home);
    await (serves ? expect(asked).resolves.toBeUndefined() : expect(asked).rejects.toThrow("could not be fetched"));
  });
});
