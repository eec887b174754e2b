import { explain, type ExplainInput } from "../../../components/app/explain/explain";
import { formatPath } from "../../../components/input/path";
import { errorsOf, facts, image } from "../../support/apps";

const web = {
  kind: "service",
  image,
  port: 8080,
  expose: [{ host: "auto" }, { host: "shop.dev.example.com", path: "/api" }],
  env: { LEVEL: "info" },
  links: { API: "api" },
  scale: { min: 1, max: 4 },
  volumes: { cache: { mount: "/cache", scratch: "1Gi" } },
  probes: { readiness: { http: "/ready" } },
  init: { fetch: { args: ["fetch"] } },
  description: "the page",
};
const shop = {
  name: "shop",
  workloads: {
    web,
    api: { kind: "service", image: "registry.example.com/shop/api:1", port: 9000, replicas: 2 },
    db: { kind: "stateful", image, port: 5432, volumes: { data: { mount: "/data", size: "1Gi" } } },
  },
};

const digest = `registry.example.com/shop/api@sha256:${"b".repeat(64)}`;

function input(more: Partial<ExplainInput> = {}): ExplainInput {
  const overrides = { shop: { web: { scale: { min: 2 }, description: null } } };
  return {
    definitions: [{ file: "apps/shop/app.ts", definition: shop }],
    stack: { environment: "dev", domain: "dev.example.com", overrides },
    release: { apps: { shop: { api: { image: digest } } }, facts: {}, placements: {} } as never,
    facts,
    ...more,
  };
}

/** Field → value and origin, of one workload or of what was asked for. */
function told(what: string, more?: Partial<ExplainInput>): Record<string, unknown> {
  const [explanation, ...others] = explain(what, input(more));
  expect(others).toEqual([]);
  return Object.fromEntries(
    (explanation?.fields ?? []).map(({ path, value, origin, instead }) => {
      const where = origin === undefined || !("path" in origin) ? origin : { ...origin, path: formatPath(origin.path) };
      return [formatPath(path), [value, where, ...(instead === undefined ? [] : [instead.value])]];
    }),
  );
}

test("a value says where it came from, whichever layer that is", () => {
  expect(told("shop.web")).toMatchObject({
    port: [8080, { from: "app", path: "workloads.web.port" }],
    "scale.min": [2, { from: "stack", path: "overrides.shop.web.scale.min" }, 1],
    "scale.max": [4, { from: "app", path: "workloads.web.scale.max" }],
  });
});

test.each<[what: string, field: string, answer: unknown[]]>([
  ["a host made for `auto`", "expose[0].host", ["web-shop.dev.example.com", { from: "stack", path: "domain" }, "auto"]],
  [
    "a host as written",
    "expose[1].host",
    ["shop.dev.example.com", { from: "app", path: "workloads.web.expose[1].host" }],
  ],
  ["a default inside a list", "expose[0].path", ["/", { from: "default" }]],
  [
    "a value that follows another field",
    "resources.memoryLimit",
    ["128Mi", { from: "derived", of: "`resources.memory`" }],
  ],
  ["the trigger that nobody wrote", "scale.on[0].cpu", ["70%", { from: "default" }]],
  ["a check completed", "probes.readiness.period", ["5s", { from: "default" }]],
  ["a check made of another", "probes.startup.http", ["/ready", { from: "derived", of: "`probes.readiness`" }]],
  ["a variable of a link", "env.API_HOST", ["api.shop.svc", { from: "derived", of: "`links.API`" }]],
  ["the variable of the port", "env.PORT", ["8080", { from: "derived", of: "`port`" }]],
  ["a default of an entry", "volumes.cache.medium", ["disk", { from: "default" }]],
  ["the folder that is always there", "volumes.tmp.mount", ["/tmp", { from: "default" }]],
  ["an init container's memory", "init.fetch.resources.memory", ["64Mi", { from: "default" }]],
  [
    "an init container's limit",
    "init.fetch.resources.memoryLimit",
    ["64Mi", { from: "derived", of: "`resources.memory`" }],
  ],
  ["what the cluster has", "architecture", [["amd64"], { from: "facts", fact: "architectures" }]],
  ["a budget", "disruption.unavailable", [1, { from: "derived", of: "the number of replicas" }]],
])("%s", (_, field, answer) => {
  expect(told("shop.web")[field]).toEqual(answer);
});

test("a digest from the release stands in for a tag", () => {
  const tag = "registry.example.com/shop/api:1";
  expect(told("shop.api.image")).toEqual({ image: [digest, { from: "release" }, tag] });
});

test("facts of the cluster decide what the app leaves open", () => {
  expect(told("shop.db.volumes.data.class")).toEqual({
    "volumes.data.class": ["standard", { from: "facts", fact: "storageClass" }],
  });
  const oneZone = { facts: { ...facts, zones: ["a"] } };
  expect(told("shop.db.spread.zones", oneZone)).toEqual({ "spread.zones": ["off", { from: "facts", fact: "zones" }] });
  expect(told("shop.db.spread.zones")).toEqual({ "spread.zones": ["prefer", { from: "default" }] });
});

test("a field that the stack takes away has no value, and one that nobody gives is told with its meaning", () => {
  expect(told("shop.web.description")).toEqual({ description: [undefined, undefined] });
  const [{ fields } = { fields: [] }] = explain("shop.web.identity.aws", input());
  expect(fields).toEqual([{ path: ["identity", "aws"], meaning: "ARN of the IAM role that its pods assume on AWS." }]);
});

test("an app is told with all its workloads, and a field of its own alone", () => {
  expect(explain("shop", input()).map(({ workload }) => workload)).toEqual([undefined, "api", "db", "web"]);
  expect(told("shop.quota.pods")).toEqual({
    "quota.pods": [14, { from: "derived", of: "what its workloads declare" }],
  });
});

test("fields come in the order of the schema, with what they mean", () => {
  const [{ fields } = { fields: [] }] = explain("shop.web", input());
  const first = [...new Set(fields.map(({ path }) => path[0]))];
  expect(first.indexOf("image")).toBeLessThan(first.indexOf("port"));
  expect(first.indexOf("port")).toBeLessThan(first.indexOf("rollout"));
  expect(fields.find(({ path }) => path[0] === "port")?.meaning).toMatch(/^Port it listens on/);
});

test.each([
  ["shap", 'APP_UNKNOWN no app "shap" is placed here. Did you mean "shop"?'],
  ["nothing", 'APP_UNKNOWN no app "nothing" is placed here. Take one of: shop.'],
  ["shop.wev", 'WORKLOAD_UNKNOWN it has no workload and no field "wev". Did you mean "web"?'],
  ["shop.web.scale.mim", 'FIELD_UNKNOWN scale.mim is not a field. Did you mean "min"?'],
  ["shop.web.env.LEVLE", 'FIELD_UNKNOWN env.LEVLE is not a field. Did you mean "LEVEL"?'],
  ["shop.web.expose[7]", "FIELD_UNKNOWN expose[7] is not a field. Take one of: 0, 1."],
  ["shop.web.[", 'FIELD_UNKNOWN ["["] is not a field. Take one of:'],
  ["shop.quota.cpus", 'FIELD_UNKNOWN quota.cpus is not a field. Did you mean "cpu"?'],
])("asking for %s is refused", (what, answer) => {
  const errors = errorsOf(() => explain(what, input()));
  expect(errors.map(({ code, message, fix }) => `${code} ${message} ${fix}`)).toEqual([
    expect.stringContaining(answer),
  ]);
});

test("an app with mistakes tells them, and those of others don't matter", () => {
  const broken = { name: "broken", workloads: { web: { ...web, port: "80" } } };
  const definitions = [...input().definitions, { file: "apps/broken/app.ts", definition: broken }];
  expect(errorsOf(() => explain("broken", input({ definitions }))).map(({ code }) => code)).toEqual(["FIELD_TYPE"]);
  expect(Object.keys(told("shop.db", { definitions }))).toContain("port");
});
