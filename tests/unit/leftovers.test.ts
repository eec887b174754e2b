import {
  areGoing,
  type CloudBacked,
  leftovers,
  requireEmpty,
  requireUnprotected,
} from "../../components/cluster/leftovers";

const service = (name: string, type: string): CloudBacked => ({
  kind: "Service",
  metadata: { name, namespace: "shop" },
  spec: { type },
});
const volume = (name: string, persistentVolumeReclaimPolicy: string): CloudBacked => ({
  kind: "PersistentVolume",
  metadata: { name },
  spec: { persistentVolumeReclaimPolicy },
});

test("load balancers and volumes would stay behind; inner Services and volumes meant to stay would not", () => {
  const objects = [
    service("web", "LoadBalancer"),
    service("db", "ClusterIP"),
    volume("pvc-1", "Delete"),
    volume("archive", "Retain"),
  ];
  expect(leftovers(objects)).toEqual(["Service shop/web", "PersistentVolume pvc-1"]);
});

test("a cluster with leftovers is not to be deleted", () => {
  expect(() => {
    requireEmpty("dev", [service("db", "ClusterIP")]);
  }).not.toThrow();
  const many = Array.from({ length: 12 }, (_, index) => volume(`pvc-${index}`, "Delete"));
  expect(() => {
    requireEmpty("dev", many);
  }).toThrow(
    expect.objectContaining({
      code: "CLUSTER_NOT_EMPTY",
      message: expect.stringContaining("pvc-9 and 2 more") as string,
    }) as Error,
  );
});

test("what the cloud is giving back is waited for; what others keep is not", () => {
  const released = { ...volume("pvc-1", "Delete"), status: { phase: "Released" } };
  const going = {
    ...service("web", "LoadBalancer"),
    metadata: { name: "web", deletionTimestamp: "2026-11-24T12:00:00Z" },
  };
  expect([[released], [going], [volume("pvc-1", "Delete"), service("web", "LoadBalancer")], []].map(areGoing)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  // A volume that was meant to stay is Released for good.
  expect(areGoing([{ ...volume("archive", "Retain"), status: { phase: "Released" } }])).toBe(false);
});

test("a protected cluster is refused before anything on it is taken away, with the way to unprotect it", () => {
  const cluster = { environment: "prod", stack: "prod.aws-eu", cluster: "aws-eu" };
  expect(() => {
    requireUnprotected(cluster, [{ protect: false }, {}]);
  }).not.toThrow();
  expect(() => {
    requireUnprotected(cluster, [{}, { protect: true }]);
  }).toThrow(
    expect.objectContaining({
      code: "CLUSTER_PROTECTED",
      fix: "Set `deletionProtection: false` in stacks/prod.ts, run `petrichor up prod.aws-eu --layer infrastructure`, then try again.",
    }) as Error,
  );
});
