import { stringify } from "yaml";
import { errorsOf, image, render } from "../../support/apps";

function app(transform: object): object {
  return {
    name: "shop",
    workloads: { web: { kind: "service", image, port: 8080, transform }, api: { kind: "worker", image } },
  };
}

function deployment(name: string, transform: object): Record<string, unknown> {
  const found = render(app(transform)).find(({ kind, metadata }) => kind === "Deployment" && metadata.name === name);
  return found?.["spec"] as Record<string, unknown>;
}

function refusal(transform: object): string {
  return errorsOf(() => render(app(transform)))
    .map(String)
    .join("\n");
}

const one = [{ op: "add", path: "/spec/template/spec/hostAliases", value: [{ ip: "10.0.0.1", hostnames: ["old"] }] }];

test("a JSON Patch changes the objects of its workload and kind, and no others", () => {
  expect(deployment("web", { Deployment: one })).toHaveProperty("template.spec.hostAliases.0.ip", "10.0.0.1");
  expect(deployment("api", { Deployment: one })).not.toHaveProperty("template.spec.hostAliases");
  expect(stringify(render(app({ Secret: one })))).toBe(stringify(render(app({}))));
});

test("a function changes an object in place or gives back another one, and rendering again starts anew", () => {
  const inPlace = (object: { spec: { replicas: number } }) => {
    object.spec.replicas += 6;
  };
  expect(deployment("web", { Deployment: inPlace })).toHaveProperty("replicas", 7);
  expect(deployment("web", { Deployment: inPlace })).toHaveProperty("replicas", 7);
  const another = (object: { spec: object }) => ({
    ...object,
    spec: { ...object.spec, paused: true, strategy: undefined },
  });
  expect(deployment("web", { Deployment: another })).toHaveProperty("paused", true);
  expect(Object.keys(deployment("web", { Deployment: another }))).not.toContain("strategy");
});

test.each([
  [
    [{ op: "remove", path: "/spec/nothing" }],
    /^apps\/app-0\/app\.ts: app "shop", workload "web": transform\.Deployment of apps\/v1\/Deployment shop\/web failed: .+\[TRANSFORM_FAILED\]$/,
  ],
  [
    [{ op: "replace", path: "/metadata/name", value: "other" }],
    /changes what the object is: apiVersion, kind, name or namespace\. .+\[TRANSFORM_FAILED\]$/,
  ],
  [
    () => {
      throw new Error("no such container");
    },
    /failed: no such container\. .+\[TRANSFORM_FAILED\]$/,
  ],
])("a change that does not fit is refused with its place: %#", (change, message) => {
  expect(refusal({ Deployment: change })).toMatch(message);
});
