import { bytesOf, claimOf, refusedVolumes } from "../../../components/deploy/volumes";
import type { KubeObject } from "../../../components/kube/object";

function claim(storage: string, storageClassName = "fast"): KubeObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { namespace: "shop", name: "data" },
    spec: { storageClassName, resources: { requests: { storage } } },
  };
}

function refusals(wanted: KubeObject, size: string, storageClass = "fast", grows = true): string[] {
  const existing = [{ namespace: "shop", name: "data", size, storageClass }];
  return refusedVolumes([wanted], existing, (name) => grows && name === storageClass).map(
    ({ code, message, fix }) => `${code} ${message} ${fix}`,
  );
}

describe("a volume that is there already", () => {
  test.each([
    ["1Gi", "1024Mi"],
    ["1Gi", "1073741824"],
    ["2Gi", "1Gi"],
    ["1Gi", "1G"],
  ])("may ask for %s where it has %s", (wanted, has) => {
    expect(refusals(claim(wanted), has)).toEqual([]);
  });

  test("can't shrink", () => {
    expect(refusals(claim("512Mi"), "1Gi")).toEqual([
      "VOLUME_SHRINK is 512Mi, but the volume has 1Gi already, and a volume can't shrink. Write at least 1Gi, or add a smaller volume under another name and copy the data.",
    ]);
  });

  test("grows only where its class can", () => {
    expect(refusals(claim("2Gi"), "1Gi", "fast", false)).toEqual([
      'VOLUME_GROWTH_UNSUPPORTED is 2Gi, but the volume has 1Gi, and its StorageClass "fast" can\'t grow volumes. Write 1Gi, or add a volume of a class that can grow under another name and copy the data.',
    ]);
  });

  test("keeps its class", () => {
    expect(refusals(claim("1Gi", "slow"), "1Gi")).toEqual([
      'VOLUME_CLASS_FIXED would move the volume from the StorageClass "fast" to "slow", which would lose its data. Keep "fast", or add a volume under another name and copy the data.',
    ]);
  });
});

test("a new volume, and one of the same name elsewhere, may be anything", () => {
  expect(refusedVolumes([claim("1Gi")], [], () => false)).toEqual([]);
  const elsewhere = { namespace: "other", name: "data", size: "9Gi", storageClass: "slow" };
  expect(refusedVolumes([claim("1Gi")], [elsewhere], () => false)).toEqual([]);
});

test("only claims are claims", () => {
  expect(claimOf({ apiVersion: "v1", kind: "Secret", metadata: { name: "data" } })).toBeUndefined();
});

test.each([
  ["128974848", 128_974_848],
  ["129e6", 129_000_000],
  ["1.5Gi", 1.5 * 2 ** 30],
  ["123Mi", 123 * 2 ** 20],
  ["4k", 4000],
  ["2Ti", 2 ** 41],
])("%s is %d bytes", (quantity, bytes) => {
  expect(bytesOf(quantity)).toBe(bytes);
});

test.each(["", "Gi", "1 Gi", "1GiB", "-1Gi"])("%j is no quantity", (text) => {
  expect(() => bytesOf(text)).toThrow(RangeError);
});
