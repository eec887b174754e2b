import fc from "fast-check";
import { dependencies, inOrder } from "../../../components/deploy/dependencies";
import { objectKey, type KubeObject } from "../../../components/kube/object";

const object = (apiVersion: string, kind: string, name: string, rest: object = {}, namespace?: string): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...rest,
});

const namespace = object("v1", "Namespace", "shop");
const account = object("v1", "ServiceAccount", "web", {}, "shop");
const settings = object("v1", "ConfigMap", "settings", {}, "shop");
const password = object("v1", "Secret", "password", {}, "shop");
const claim = object("v1", "PersistentVolumeClaim", "data", {}, "shop");
const limits = object("v1", "LimitRange", "limits", {}, "shop");
const service = object("v1", "Service", "web", {}, "shop");
const role = object("rbac.authorization.k8s.io/v1", "Role", "web", {}, "shop");
const definition = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "widgets.example.com", {
  spec: { group: "example.com", names: { kind: "Widget" } },
});
const widget = object("example.com/v2", "Widget", "one", {}, "shop");
const pod = {
  serviceAccountName: "web",
  volumes: [
    { persistentVolumeClaim: { claimName: "data" } },
    { projected: { sources: [{ configMap: { name: "settings" } }] } },
  ],
  containers: [
    { env: [{ valueFrom: { secretKeyRef: { name: "password" } } }], envFrom: [{ configMapRef: { name: "settings" } }] },
  ],
};
const deployment = object("apps/v1", "Deployment", "web", { spec: { template: { spec: pod } } }, "shop");
const cronJob = object(
  "batch/v1",
  "CronJob",
  "web",
  { spec: { jobTemplate: { spec: { template: { spec: pod } } } } },
  "shop",
);
const binding = object(
  "rbac.authorization.k8s.io/v1",
  "RoleBinding",
  "web",
  { roleRef: { kind: "Role", name: "web" }, subjects: [{ kind: "ServiceAccount", name: "web" }] },
  "shop",
);
const everything = [
  deployment,
  cronJob,
  widget,
  binding,
  service,
  limits,
  claim,
  password,
  settings,
  account,
  role,
  definition,
  namespace,
];

describe("what an object waits for", () => {
  test.each<[string, KubeObject, KubeObject[]]>([
    ["an object in a namespace: the namespace", service, [namespace]],
    ["a custom resource: its definition and its namespace", widget, [definition, namespace]],
    ["a role binding: the role and the account", binding, [namespace, role, account]],
    [
      "a Deployment: all that its pods name, and the guards",
      deployment,
      [namespace, account, settings, password, claim, limits, role, binding],
    ],
    ["a CronJob: the same", cronJob, [namespace, account, settings, password, claim, limits, role, binding]],
    ["a namespace: nothing", namespace, []],
  ])("%s", (_, of, expected) => {
    const keys = (dependencies(everything).get(objectKey(of)) ?? []).map(objectKey);
    expect(keys.sort()).toEqual(expected.map(objectKey).sort());
  });

  test("what is not in the list is taken to exist already", () => {
    expect(dependencies([deployment]).get(objectKey(deployment))).toEqual([]);
  });

  test("a Service and a Deployment don't wait for each other", () => {
    const needs = dependencies(everything);
    expect(needs.get(objectKey(service))).not.toContain(deployment);
    expect(needs.get(objectKey(deployment))).not.toContain(service);
  });
});

test("an APIService waits for the Service behind it, so that it is gone before its server is", () => {
  const registration = object("apiregistration.k8s.io/v1", "APIService", "v1beta1.metrics.k8s.io", {
    spec: { service: { name: "web", namespace: "shop" } },
  });
  expect(dependencies([registration, service]).get(objectKey(registration))).toEqual([service]);
});

test("whatever the order of the list, everything comes behind what it needs, and nothing is lost", () => {
  const needs = dependencies(everything);
  fc.assert(
    fc.property(fc.shuffledSubarray(everything, { minLength: everything.length }), (shuffled) => {
      const ordered = inOrder(shuffled);
      expect(new Set(ordered)).toEqual(new Set(shuffled));
      for (const [index, one] of ordered.entries()) {
        for (const other of needs.get(objectKey(one)) ?? []) expect(ordered.indexOf(other)).toBeLessThan(index);
      }
    }),
  );
});

test("objects without an order between them keep the order they came in", () => {
  expect(inOrder([service, settings, account])).toEqual([service, settings, account]);
});
