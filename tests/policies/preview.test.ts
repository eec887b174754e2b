import { type Outcome, TestProject } from "../support/project";

// What `petrichor preview` says before any engine starts: no cluster, no Pulumi.

jest.setTimeout(600_000);

const digest = `sha256:${"a".repeat(64)}`;
const app = `name: store
owner: team-store
workloads:
  web:
    kind: service
    image: docker.io/library/nginx@${digest}
    port: 8080
    transform:
      Deployment:
        - { op: add, path: /spec/template/spec/hostPID, value: true }
`;

const stack = (policy: string, more = ""): string => `import { defineStack, embedded } from "./stack";

export default defineStack({
  environment: "strict",
  clusters: { only: embedded() },
  domain: "strict.example.com",
  apps: ["store"],
${more}  policy: {
${policy}
  },
});
`;

let project: TestProject;
beforeEach(() => {
  project = new TestProject();
  project.write("apps/store/app.yaml", app);
});
afterEach(() => {
  project.delete();
});

async function preview(policy: string, more?: string, ...options: readonly string[]): Promise<Outcome> {
  project.write("stacks/strict.ts", stack(policy, more));
  return project.run(["preview", "strict", ...options]);
}

test("an app that breaks a rule is refused with file and line, rule, reason and remedy", async () => {
  const { code, stderr } = await preview('    registries: ["registry.example.com/"],');
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^error: apps\/store\/app\.yaml:6: app "store", workload "web": apps\/v1\/Deployment store\/web breaks the rule image-from-registry: container main uses docker\.io.*\. .*\. .+, or have it exempted in stacks\/strict\.ts\. \[POLICY_VIOLATED\]$/m,
  );
  expect(stderr).toMatch(/apps\/store\/app\.yaml:8: .* breaks the rule no-host-namespaces: .*\[POLICY_VIOLATED\]/);
  expect(await project.run(["policy", "test", "strict"])).toEqual({ code, stdout: "", stderr });
});

test("a field that the stack overrides is blamed on the stack", async () => {
  const overrides = `  overrides: { store: { web: { image: "docker.io/library/other@${digest}", transform: null } } },\n`;
  const { code, stderr } = await preview('    registries: ["registry.example.com/"],', overrides);
  expect(`${code} ${stderr}`).toMatch(/^2 error: stacks\/strict\.ts:8: .* image-from-registry: .*library\/other/);
});

test("an exemption gives leave until its day; then the preview says whose it was", async () => {
  const exemption = (expires: string): string => `    exemptions: [
      { rule: "no-host-namespaces", object: "Deployment store/web", reason: "measures processes of the node", owner: "team-store", expires: "${expires}" },
    ],`;
  const expired = await preview(exemption("2020-02-29"));
  expect(`${expired.code} ${expired.stderr}`).toMatch(
    /^2 error: stacks\/strict\.ts:10: the exemption of Deployment store\/web from "no-host-namespaces", for which team-store answers, ran out on 2020-02-29\. .*\[EXEMPTION_EXPIRED\]/,
  );
  const valid = await preview(exemption("2999-12-31"), undefined, "--report", "review.md");
  expect(valid.stderr).not.toContain("no-host-namespaces");
  expect(valid.stderr).not.toContain("POLICY_VIOLATED");
  const row =
    "| no-host-namespaces | Deployment store/web | measures processes of the node | team-store | 2999-12-31 |";
  expect(project.read("review.md")).toContain(row);
});

test("an exemption from a rule that doesn't exist is a mistake, with the rule that was meant", async () => {
  const { code, stderr } = await preview(`    exemptions: [
      { rule: "no-host-namespace", object: "Deployment store/web", reason: "measures processes of the node", owner: "team-store", expires: "2999-12-31" },
    ],`);
  expect(`${code} ${stderr}`).toMatch(
    /^2 error: stacks\/strict\.ts:10: .*Did you mean "no-host-namespaces"\?.*\[EXEMPTION_RULE_UNKNOWN\]/,
  );
});

test("an environment that only looks reports what it would refuse, and rendering is not judged", async () => {
  const { stderr } = await preview('    enforcement: "audit",');
  expect(stderr).toMatch(/^warning: apps\/store\/app\.yaml:8: .* breaks the rule no-host-namespaces/m);
  expect(stderr).not.toContain("error: apps/");
  const rendered = await project.run(["render", "strict"]);
  expect(rendered).toMatchObject({ code: 0, stderr: "" });
});
