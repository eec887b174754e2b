import { type CloudBacked, leftovers, requireEmpty } from "../../components/cluster/leftovers";

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
