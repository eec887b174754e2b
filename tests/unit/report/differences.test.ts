import type { KubeObject } from "../../../components/kube/object";
import { keys } from "../../../components/kube/labels";
import { differences } from "../../../cli/report/differences";

type Spec = Readonly<Record<string, unknown>>;

const object = (kind: string, spec: Spec, more: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "web", namespace: "shop" },
  spec,
  ...more,
});
const digest = (letter: string): string => `registry.example.com/web@sha256:${letter.repeat(64)}`;
const container = { name: "web", image: digest("a"), resources: { requests: { cpu: "250m", memory: "256Mi" } } };
const deployment = (change: Spec = {}, spec: Spec = {}): KubeObject =>
  object("Deployment", { replicas: 2, template: { spec: { containers: [{ ...container, ...change }] } }, ...spec });
const claim = (storage: string, more: Spec = {}, annotations: Record<string, string> = {}): KubeObject => ({
  ...object("PersistentVolumeClaim", { resources: { requests: { storage } }, ...more }),
  metadata: { name: "data", namespace: "shop", annotations },
});
const scaler = (max: number): KubeObject =>
  object("ScaledObject", { scaleTargetRef: { name: "web" }, minReplicaCount: 0, maxReplicaCount: max });
const route = (...hostnames: string[]): KubeObject => object("HTTPRoute", { hostnames });
const role = (...verbs: string[]): KubeObject => object("Role", {}, { rules: [{ verbs, resources: ["pods"] }] });
const policy = (spec: Spec): KubeObject => object("NetworkPolicy", spec);

const subject = "Deployment web";
test.each<[string, KubeObject[], KubeObject[], object[]]>([
  ["nothing", [deployment()], [deployment()], []],
  [
    "an image",
    [deployment()],
    [deployment({ image: digest("b") })],
    [
      {
        aspect: "images",
        subject,
        before: `registry.example.com/web@${"a".repeat(12)}`,
        after: `registry.example.com/web@${"b".repeat(12)}`,
      },
    ],
  ],
  [
    "fixed replicas that become bounds",
    [deployment()],
    [deployment(), scaler(5)],
    [{ aspect: "replicas", subject, before: "2", after: "0 to 5" }],
  ],
  [
    "resources",
    [deployment()],
    [deployment({ resources: { requests: { cpu: "1", memory: "2Gi" } } })],
    [{ aspect: "resources", subject, before: "0.25 CPU, 256 MiB", after: "1 CPU, 2 GiB" }],
  ],
  [
    "nothing where the state writes the same in another way",
    [deployment({}, { minReadySeconds: 0, paused: false, revisionHistoryLimit: 5 })],
    [deployment({}, { revisionHistoryLimit: "5" })],
    [],
  ],
  [
    "something else",
    [deployment()],
    [deployment({ args: ["serve"] })],
    [{ aspect: "settings", subject, after: "changed" }],
  ],
  [
    "a volume that goes with its data",
    [claim("5Gi")],
    [],
    [{ aspect: "data", subject: "PersistentVolumeClaim data", before: "5Gi", risk: "the data is deleted" }],
  ],
  [
    "a volume that stays",
    [claim("5Gi", {}, { [keys.keep]: "true" })],
    [],
    [{ aspect: "data", subject: "PersistentVolumeClaim data", before: "5Gi", after: "stays on the cluster" }],
  ],
  [
    "a volume that moves",
    [claim("5Gi", { storageClassName: "slow" })],
    [claim("5Gi", { storageClassName: "fast" })],
    [
      {
        aspect: "data",
        subject: "PersistentVolumeClaim data",
        before: "5Gi of slow",
        after: "5Gi of fast",
        risk: "another storage class means a new, empty volume",
      },
    ],
  ],
  [
    "volumes of a StatefulSet that grow",
    [object("StatefulSet", { volumeClaimTemplates: [claim("5Gi")] })],
    [object("StatefulSet", { volumeClaimTemplates: [claim("9Gi")] })],
    [{ aspect: "data", subject: "Volume data of web", before: "5Gi", after: "9Gi" }],
  ],
  [
    "volumes of a StatefulSet that goes",
    [object("StatefulSet", { volumeClaimTemplates: [claim("5Gi")] })],
    [],
    [
      { aspect: "data", subject: "Volume data of web", before: "5Gi", after: "stays on the cluster" },
      { aspect: "workloads", subject: "StatefulSet web", before: "removed" },
    ],
  ],
  [
    "volumes that a StatefulSet takes with it",
    [
      object("StatefulSet", {
        volumeClaimTemplates: [claim("5Gi")],
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" },
      }),
    ],
    [],
    [
      { aspect: "data", subject: "Volume data of web", before: "5Gi", risk: "the data is deleted" },
      { aspect: "workloads", subject: "StatefulSet web", before: "removed" },
    ],
  ],
  [
    "hosts",
    [route("old.example.com", "www.example.com")],
    [route("www.example.com", "new.example.com")],
    [
      { aspect: "addresses", subject: "new.example.com", after: "opened" },
      { aspect: "addresses", subject: "old.example.com", before: "closed" },
    ],
  ],
  [
    "a port",
    [],
    [object("Service", { type: "LoadBalancer", ports: [{ port: 53, protocol: "UDP" }] })],
    [{ aspect: "addresses", subject: "port 53/UDP of web", after: "opened" }],
  ],
  [
    "a role that may do more",
    [role("get")],
    [role("get", "delete")],
    [
      {
        aspect: "permissions",
        subject: "Role web: get, delete pods",
        after: "allowed",
        risk: "permissions are widened",
      },
      { aspect: "permissions", subject: "Role web: get pods", before: "taken back" },
    ],
  ],
  [
    "a way to the internet",
    [policy({ egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }] }] })],
    [policy({ egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] })],
    [
      {
        aspect: "permissions",
        subject: "web reaches the internet",
        after: "allowed",
        risk: "permissions are widened",
      },
    ],
  ],
  [
    "a token",
    [deployment()],
    [deployment({}, { template: { spec: { automountServiceAccountToken: true, containers: [container] } } })],
    [
      {
        aspect: "permissions",
        subject: "Deployment web reaches the Kubernetes API",
        after: "allowed",
        risk: "permissions are widened",
      },
    ],
  ],
])("tells of %s", (_, before, after, expected) => {
  expect(differences(before, after)).toEqual(expected);
});

test("tells what is most dangerous first", () => {
  const found = differences([claim("5Gi"), deployment()], [deployment({ image: digest("b") }), role("get")]);
  expect(found.map(({ aspect }) => aspect)).toEqual(["data", "permissions", "images"]);
});
