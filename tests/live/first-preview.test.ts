import { readFileSync } from "node:fs";
import path from "node:path";
import { ProjectCopy } from "../support/project-copy";

jest.setTimeout(300_000);

const app = `name: web
workloads:
  site:
    kind: service
    image: registry.example.com/site@sha256:${"1".repeat(64)}
    port: 8080
    expose: [{ host: auto }]
`;

/** What a cloud would say to it stays unproven: no account is asked, and the cluster's facts are those that its definition implies. */
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

  it("says the same again: it made nothing", async () => {
    const { code, stdout } = await project.run("preview", "dev", "--json");
    const [{ changes, unchanged }] = JSON.parse(stdout) as [{ changes: { operation: string }[]; unchanged: number }];
    expect([code, unchanged]).toEqual([0, 0]);
    expect(new Set(changes.map(({ operation }) => operation))).toEqual(new Set(["create"]));
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
