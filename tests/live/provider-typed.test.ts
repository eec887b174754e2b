import { ensureTools } from "../../toolchain/build";
import { lineReporter } from "../../toolchain/report";
import { ControlPlane } from "./provider/control-plane";
import { Engine, type Step } from "./provider/engine";

// The official SDK's own classes, unchanged, on a real API server without nodes and controllers.

jest.setTimeout(3 * 60_000);

const firstBuild = 40 * 60_000;

const program = `
const k8s = require("@pulumi/kubernetes");
const pulumi = require("@pulumi/pulumi");
const namespace = new k8s.core.v1.Namespace("typed", {});
const metadata = { namespace: namespace.metadata.name };
const config = new k8s.core.v1.ConfigMap("config", { metadata, data: { key: "value" } });
new k8s.core.v1.Secret("secret", { metadata, stringData: { password: pulumi.secret("correct horse") } });
new k8s.core.v1.Service("service", { metadata, spec: { clusterIP: "None", selector: { app: "none" }, ports: [{ name: "http", port: 80 }] } });
const role = new k8s.rbac.v1.Role("role", { metadata, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] });
new k8s.networking.v1.NetworkPolicy("policy", { metadata, spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] } });
new k8s.rbac.v1.RoleBinding("binding", {
  metadata,
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
  subjects: [{ kind: "User", name: "somebody" }],
});
const definition = new k8s.apiextensions.v1.CustomResourceDefinition("definition", {
  metadata: { name: "gadgets.petrichor.test" },
  spec: {
    group: "petrichor.test",
    scope: "Namespaced",
    names: { plural: "gadgets", singular: "gadget", kind: "Gadget" },
    versions: [{
      name: "v1", served: true, storage: true,
      schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", x_kubernetes_preserve_unknown_fields: true } } } },
    }],
  },
});
new k8s.apiextensions.CustomResource("gadget", {
  apiVersion: "petrichor.test/v1", kind: "Gadget", metadata, spec: { size: 3 },
}, { dependsOn: definition });
new k8s.core.v1.ConfigMapPatch("patch", {
  metadata: { name: config.metadata.name, namespace: config.metadata.namespace, labels: { patched: "yes" } },
});
new k8s.yaml.ConfigGroup("manifest", { yaml: "{apiVersion: v1, kind: ConfigMap, metadata: {name: from-yaml, namespace: default}, data: {a: b}}" });
exports.name = config.metadata.name;
exports.uid = config.metadata.uid;
`;

let plane: ControlPlane;
let engine: Engine;

beforeAll(async () => {
  const tools = await ensureTools(["pulumi", "pulumi-language-nodejs", "pulumi-resource-kubernetes", "kubernetes"], {
    report: lineReporter(),
  });
  plane = await new ControlPlane(tools).start();
  engine = await new Engine(tools, { KUBECONFIG: plane.kubeconfig() }).create();
  engine.write("index.js", program);
}, firstBuild);
afterAll(async () => {
  engine.remove();
  await plane.stop();
});

it("previews on an empty cluster, where neither namespace nor definition exist yet", async () => {
  const { code, output } = await engine.preview([]);
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("to create") as string });
});

it("creates all of it, and a second time finds nothing to change", async () => {
  const first = await engine.up([]);
  expect({ code: first.code, output: first.output }).toMatchObject({ code: 0 });
  const second = await engine.up([]);
  expect(changed(second.steps)).toEqual([]);
  expect(second.steps.size).toBeGreaterThan(10);
});

it("previews an element of a list that takes the place of another, as the update then makes it", async () => {
  engine.write("index.js", program.replaceAll("port: 80", "port: 81"));
  for (const run of [() => engine.preview([]), () => engine.up([])]) {
    const { code, output, steps } = await run();
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(changed(steps)).toEqual(["policy update", "service update"]);
  }
});

it("keeps the secret out of the state and of what it prints", async () => {
  const encoded = Buffer.from("correct horse").toString("base64");
  for (const text of [engine.checkpoint(), (await engine.pulumi(["preview", "--diff"])).output]) {
    expect(text).not.toContain("correct horse");
    expect(text).not.toContain(encoded);
  }
});

it("refuses List kinds with a sentence", async () => {
  engine.write("index.js", `new (require("@pulumi/kubernetes").core.v1.ConfigMapList)("list", { items: [] });`);
  const { code, output } = await engine.preview([]);
  expect(code).not.toBe(0);
  expect(output).toContain("Use the underlying resource type instead");
});

/** What a run did to resources that are not as they were. */
function changed(steps: ReadonlyMap<string, readonly Step[]>): string[] {
  const operations = [...steps].flatMap(([name, taken]) => taken.map(({ op }) => `${name} ${op}`));
  return operations.filter((operation) => !operation.endsWith(" same")).sort();
}
