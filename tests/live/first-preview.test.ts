import { readFileSync } from "node:fs";
import path from "node:path";
import { infrastructure } from "../../stacks/infrastructure";
import { cloudAnswers, cloudInvoke } from "../support/clouds";
import { ProjectCopy } from "../support/project-copy";
import { record } from "../support/record";
import { standIn } from "../support/stand-in";

const root = path.resolve(__dirname, "../..");

jest.setTimeout(600_000);

const app = `name: web
workloads:
  site:
    kind: service
    image: registry.example.com/site@sha256:${"1".repeat(64)}
    port: 8080
    expose: [{ host: auto }]
`;

interface Told {
  readonly changes: readonly { readonly operation: string; readonly resource: string }[];
  readonly unchanged: number;
  readonly advice: readonly { readonly rule: string }[];
  readonly notPreviewed?: readonly { readonly code: string; readonly fix: string }[];
}
type Outcome = Told & { readonly stack: string; readonly infrastructure?: Told & { readonly stack: string } };

/**
 * What a cloud would say to it stays unproven: no account is asked, the cluster's facts are those that its definition implies, and where the
 * infrastructure is previewed a stand-in takes the place of the clouds' plugins.
 */
describe("a preview before the cluster exists", () => {
  const project = new ProjectCopy();

  afterAll(() => {
    project.remove();
  });

  it("shows what would be made, and says that no server has validated it", async () => {
    project.write("apps/web/app.yaml", app);
    const { code, stdout, stderr } = await project.run("preview", "dev");
    expect(`${code} ${stderr}`).toMatch(
      /^0 [^]*dev: the cluster does not exist yet; what follows is not validated by a server\./,
    );
    expect(stdout.split("\n")).toEqual(expect.arrayContaining(["create Namespace web", "create Deployment web/site"]));
    expect(stdout).toMatch(/^dev: \d+ to create, 0 unchanged$/m);
  });

  it("says the same again, for it made nothing, and which plugin the infrastructure lacks", async () => {
    const { code, stdout, stderr } = await project.run("preview", "dev", "--json", "--report", "report.md");
    const [{ changes, unchanged, infrastructure }] = JSON.parse(stdout) as [Outcome];
    expect([code, unchanged]).toEqual([0, 0]);
    expect(new Set(changes.map(({ operation }) => operation))).toEqual(new Set(["create"]));
    expect(infrastructure).toMatchObject({ stack: "dev.infra", notPreviewed: [{ code: "PLUGIN_MISSING" }] });
    expect(infrastructure?.notPreviewed?.[0]?.fix).toMatch(/^Run `pulumi plugin install resource aws \d+\.\d+\.\d+`/);
    expect(stderr).toMatch(/^warning: dev\.infra: infrastructure: not previewed\. .*pulumi-resource-aws/m);
    expect(readFileSync(path.join(project.folder, "report.md"), "utf8")).toMatch(
      /^### ⚠️ dev: infrastructure: not previewed\n\n\*\*dev\.infra: not previewed\*\*\n[^]*PLUGIN_MISSING/,
    );
  });

  it("fails for want of a plugin where the infrastructure is asked for by name", async () => {
    const { code, stderr } = await project.run("preview", "dev", "--layer", "infrastructure");
    expect([code, stderr]).toEqual([3, expect.stringContaining("[PLUGIN_MISSING]")]);
  });

  it("brings the manifests of engines along", async () => {
    const stack = readFileSync(path.join(project.folder, "stacks/dev.ts"), "utf8");
    project.write("stacks/dev.ts", stack.replace("domain:", 'engines: ["envoy-gateway"],\n  domain:'));
    const { code, stdout, stderr } = await project.run("preview", "dev");
    expect(`${code} ${stderr}`).toMatch(/^0 /);
    expect(stdout).toMatch(/^create GatewayClass /m);
    expect(stdout).toMatch(/^create HTTPRoute web\/site/m);
  });
});

describe("a preview of the infrastructure", () => {
  const project = new ProjectCopy();
  const report = (): string => readFileSync(path.join(project.folder, "report.md"), "utf8");
  /** How many resources a stack has where every output is known: none must hide behind a value that only the cloud can tell. */
  const expected = async (stack: string): Promise<number> => {
    const clouds = { answers: cloudAnswers, invoke: cloudInvoke };
    const { resources } = await record(() => infrastructure(root, stack), clouds);
    return resources.filter(({ type }) => /^(aws|azure-native):/.test(type)).length;
  };

  beforeAll(() => {
    project.write("apps/web/app.yaml", app);
    for (const cloud of ["aws", "azure-native"]) project.program(`pulumi-resource-${cloud}`, standIn);
  });
  afterAll(() => {
    project.remove();
  });

  it("comes beside that of the apps, with what rules say of the cloud's resources", async () => {
    const [dev] = JSON.parse(await project.succeed("preview", "dev", "--json", "--report", "report.md")) as [Outcome];
    const made = dev.infrastructure;
    expect([made?.stack, made?.unchanged, made?.notPreviewed]).toEqual(["dev.infra", 0, undefined]);
    expect(made?.changes).toHaveLength(await expected("dev.infra"));
    expect(made?.changes).toContainEqual({
      operation: "create",
      resource: "Cluster aws-eu-control-plane",
      properties: [],
    });
    expect(made?.advice.map(({ rule }) => rule)).toContain("aws-deletion-protected");
    expect(dev.changes).toContainEqual({ operation: "create", resource: "Deployment web/site", properties: [] });
    expect(report()).toMatch(/^\*\*dev\.infra: \d+ to create, 0 unchanged\*\*$/m);
    expect(report()).toMatch(/^- create Cluster aws-eu-control-plane$/m);
  });

  it("of one cluster can be refused by a rule, and is told for the other", async () => {
    const stack = readFileSync(path.join(project.folder, "stacks/staging.ts"), "utf8");
    project.write("stacks/staging.ts", stack.replace("aws({", "aws({ deletionProtection: false,"));
    const args = ["preview", "staging", "--layer", "infrastructure", "--json", "--report", "report.md"];
    const { code, stdout } = await project.run(...args);
    const [onAws, onAzure] = JSON.parse(stdout) as [{ pending: { code: string; message: string }[] }, Outcome];
    expect([code, onAws.pending.map((error) => error.code)]).toEqual([2, ["POLICY_VIOLATED"]]);
    expect(onAws.pending[0]?.message).toMatch(/^Cluster aws-eu-control-plane breaks the rule aws-deletion-protected: /);
    expect([onAzure.infrastructure?.notPreviewed, onAzure.infrastructure?.advice]).toEqual([undefined, []]);
    expect(onAzure.infrastructure?.changes).toHaveLength(await expected("staging.azure-eu.infra"));
    expect(report()).toMatch(/^### 🛑 staging\.aws-eu: 1 rule would refuse it$/m);
    expect(report()).toMatch(/^### ✅ staging\.azure-eu: infrastructure would change$/m);
  });

  it("is refused where no cluster has any", async () => {
    const { code, stderr } = await project.run("preview", "local", "--layer", "infrastructure");
    expect([code, stderr]).toEqual([2, expect.stringContaining("[INFRASTRUCTURE_NONE]")]);
  });
});
