import { fieldDrift, type LiveObject } from "../../components/drift/drift";
import { ownerOf, type ManagedFieldsEntry } from "../../components/drift/managed-fields";

const managed: ManagedFieldsEntry[] = [
  {
    manager: "pulumi-kubernetes-1",
    operation: "Apply",
    time: "2026-11-01T00:00:00Z",
    fieldsV1: {
      "f:metadata": { "f:labels": { "f:team": {} } },
      "f:spec": {
        "f:replicas": {},
        "f:template": {
          "f:spec": { "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:image": {}, "f:name": {} } } },
        },
      },
    },
  },
  {
    manager: "petrichor-drift",
    operation: "Apply",
    fieldsV1: {
      "f:spec": { "f:template": { "f:spec": { "f:containers": { 'k:{"name":"web"}': { "f:image": {} } } } } },
    },
  },
  {
    manager: "kubectl",
    operation: "Update",
    subresource: "scale",
    time: "2026-11-02T00:00:00Z",
    fieldsV1: { "f:spec": { "f:replicas": {} } },
  },
  {
    manager: "kubectl-edit",
    operation: "Update",
    time: "2026-11-03T00:00:00Z",
    fieldsV1: {
      "f:spec": { "f:template": { "f:spec": { "f:containers": { 'k:{"name":"web"}': { "f:image": {} } } } } },
    },
  },
  {
    manager: "kube-controller-manager",
    operation: "Update",
    subresource: "status",
    time: "2026-11-09T00:00:00Z",
    fieldsV1: { "f:status": {} },
  },
];

const deployment = (changes: {
  replicas?: number;
  image?: string;
  labels?: Record<string, string>;
  env?: object[];
}): LiveObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "web",
    namespace: "shop",
    labels: changes.labels ?? { team: "shop" },
    managedFields: managed,
    ...({ resourceVersion: String(Math.random()), uid: "1", generation: 4 } as object),
  },
  spec: {
    replicas: changes.replicas ?? 2,
    template: {
      spec: {
        containers: [
          {
            name: "web",
            image: changes.image ?? "web@sha256:1",
            ...(changes.env === undefined ? {} : { env: changes.env }),
          },
        ],
      },
    },
  },
  status: { readyReplicas: Math.random() },
});

test("an object that is as it should be has no drift, whatever the server notes about it", () => {
  expect(fieldDrift(deployment({}), deployment({}))).toEqual([]);
});

test("a field is told with its values, and with who changed it last", () => {
  expect(fieldDrift(deployment({ replicas: 5 }), deployment({}))).toEqual([
    {
      path: "spec.replicas",
      is: 5,
      shouldBe: 2,
      owner: { manager: "kubectl", subresource: "scale", time: "2026-11-02T00:00:00Z" },
    },
  ]);
});

test("a field in a list of named elements is found by the element's name", () => {
  expect(fieldDrift(deployment({ image: "evil:latest" }), deployment({}))).toEqual([
    {
      path: "spec.template.spec.containers[web].image",
      is: "evil:latest",
      shouldBe: "web@sha256:1",
      owner: { manager: "kubectl-edit", time: "2026-11-03T00:00:00Z" },
    },
  ]);
});

test("a field that was taken away has no owner any more; who changed the object last is told", () => {
  expect(fieldDrift(deployment({ labels: {} }), deployment({}))).toEqual([
    {
      path: "metadata.labels.team",
      shouldBe: "shop",
      owner: { manager: "pulumi-kubernetes-1", time: "2026-11-01T00:00:00Z" },
    },
  ]);
  const bare = {
    ...deployment({ labels: {} }),
    metadata: { name: "web", labels: {}, managedFields: managed.slice(2, 4) },
  };
  expect(fieldDrift(bare, deployment({}))).toEqual([
    {
      path: "metadata.labels.team",
      shouldBe: "shop",
      lastChangedBy: { manager: "kubectl-edit", time: "2026-11-03T00:00:00Z" },
    },
  ]);
});

test("an element that was added is told whole", () => {
  const [drift] = fieldDrift(deployment({ env: [{ name: "DEBUG", value: "1" }] }), deployment({ env: [] }));
  expect(drift).toMatchObject({
    path: "spec.template.spec.containers[web].env[DEBUG]",
    is: { name: "DEBUG", value: "1" },
  });
});

test("a field that somebody added beside ours is told, though an apply would leave it", () => {
  const env = [{ name: "DEBUG", value: "1" }];
  const added: ManagedFieldsEntry = {
    manager: "kubectl-set",
    time: "2026-11-04T00:00:00Z",
    fieldsV1: {
      "f:spec": {
        "f:template": {
          "f:spec": {
            "f:containers": {
              'k:{"name":"web"}': { "f:env": { 'k:{"name":"DEBUG"}': { ".": {}, "f:name": {}, "f:value": {} } } },
            },
          },
        },
      },
    },
  };
  const object = {
    ...deployment({ env }),
    metadata: {
      name: "web",
      labels: { team: "shop" },
      managedFields: [{ ...managed[0], manager: "pulumi-kubernetes-1" }, added],
    },
  };
  expect(fieldDrift(object, object)).toEqual([
    {
      path: "spec.template.spec.containers[web].env[DEBUG]",
      is: { name: "DEBUG", value: "1" },
      owner: { manager: "kubectl-set", time: "2026-11-04T00:00:00Z" },
    },
  ]);
});

test("what Kubernetes' own controllers fill in is no drift", () => {
  const filled: ManagedFieldsEntry = {
    manager: "kube-controller-manager",
    fieldsV1: { "f:metadata": { "f:annotations": { "f:deployment.kubernetes.io/revision": {} } } },
  };
  const object = {
    ...deployment({}),
    metadata: { name: "web", annotations: { "deployment.kubernetes.io/revision": "3" }, managedFields: [filled] },
  };
  expect(fieldDrift(object, object)).toEqual([]);
});

test("values of Secrets are never told", () => {
  const secret = (value: string): LiveObject => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "db" },
    data: { password: value },
  });
  expect(fieldDrift(secret("YQ=="), secret("Yg=="))).toEqual([{ path: "data.password" }]);
});

test("a field with a name that is no identifier is quoted", () => {
  const [drift] = fieldDrift(deployment({ labels: { "a.b/c": "x" } }), deployment({ labels: {} }));
  expect(drift?.path).toBe('metadata.labels["a.b/c"]');
});

test("elements are found by any key that the server uses", () => {
  const entries: ManagedFieldsEntry[] = [
    { manager: "a", fieldsV1: { "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { "f:nodePort": {} } } } },
    { manager: "b", fieldsV1: { "f:ports": { 'k:{"port":81,"protocol":"TCP"}': { "f:nodePort": {} } } } },
  ];
  const path = [{ field: "ports" }, { element: { name: "http", port: 81, protocol: "TCP" } }, { field: "nodePort" }];
  expect(ownerOf(entries, path)).toEqual({ manager: "b" });
});
