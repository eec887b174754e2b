import * as fc from "fast-check";
import type { FieldPath } from "../../../components/input/path";
import { type KubeObject, objectKey } from "../../../components/kube/object";
import { errorsOf, image, render, resolve } from "../../support/apps";
import { app } from "../../support/arbitrary-apps";

jest.setTimeout(120_000);

/** Every value in a tree that holds no other. */
function leavesOf(tree: unknown, path: FieldPath = []): FieldPath[] {
  if (typeof tree !== "object" || tree === null) return [path];
  const entries = Array.isArray(tree) ? [...tree.entries()] : Object.entries(tree);
  return entries.flatMap(([part, inner]) => leavesOf(inner, [...path, part]));
}

function replaced(tree: unknown, [part, ...rest]: FieldPath, value: unknown): unknown {
  if (part === undefined) return value;
  const copy = Array.isArray(tree) ? [...(tree as unknown[])] : { ...(tree as object) };
  const inner = (tree as Record<string | number, unknown>)[part];
  Object.defineProperty(copy, part, { value: replaced(inner, rest, value), enumerable: true, writable: true });
  return copy;
}

test("a value of no type that a field takes, in place of any value of any valid app, is refused with a code", () => {
  const wrong = fc.constantFrom<unknown>({ xyzzy: 1 }, [[]], Number.NaN, null);
  fc.assert(
    fc.property(app, fc.nat(), wrong, (written, choice, value) => {
      const leaves = leavesOf(written);
      const path = leaves[choice % leaves.length] ?? [];
      const errors = errorsOf(() => resolve([replaced(written, path, value)]));
      const codes = errors.map(({ code }) => code);
      expect({ path, codes, about: codes.filter((code) => code.startsWith("FIELD_")) }).toEqual({
        path,
        codes,
        about: codes,
      });
      expect(codes.length).toBeGreaterThan(0);
      expect(errors[0]?.fix).not.toBe("");
    }),
    { numRuns: 150 },
  );
});

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 };
const duration = fc.tuple(fc.integer({ min: 0, max: 999 }), fc.constantFrom(...(["s", "m", "h", "d"] as const)));
const size = fc
  .tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.constantFrom("Ki", "Mi", "Gi", "Ti"))
  .map(([count, unit]) => `${count}${unit}`);
const cpu = fc.oneof(
  fc.integer({ min: 1, max: 9_999_999 }).map((count) => `${count}m`),
  fc
    .tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 1, max: 999 }))
    .map(([whole, part]) => `${whole}.${part}`),
);

interface Rendered {
  readonly spec: {
    readonly minReadySeconds: number;
    readonly template: {
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly [{ readonly resources: unknown; readonly args?: readonly string[] }];
      };
    };
    readonly resources: unknown;
  };
}

test("quantities, durations and words arrive as they were written", () => {
  const words = fc.array(fc.string(), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(cpu, size, size, duration, duration, words, (cores, memory, volume, grace, settle, args) => {
      const stop = { grace: grace.join(""), delay: "0s" };
      const workload = {
        kind: "stateful",
        image,
        args,
        resources: { cpu: cores, memory },
        stop,
        rollout: { settle: settle.join("") },
        volumes: { data: { mount: "/data", size: volume } },
      };
      const objects = render({
        name: "shop",
        quota: { cpu: "1", memory, storage: volume },
        workloads: { db: workload },
      });
      const of = (kind: string) => objects.find((object) => object.kind === kind) as unknown as Rendered;
      const { spec } = of("StatefulSet");
      const [container] = spec.template.spec.containers;
      expect(container.resources).toEqual({ requests: { cpu: cores, memory }, limits: { memory } });
      expect(container.args).toEqual(args);
      expect(spec.template.spec.terminationGracePeriodSeconds).toBe(grace[0] * seconds[grace[1]]);
      expect(spec.minReadySeconds).toBe(settle[0] * seconds[settle[1]]);
      expect(of("PersistentVolumeClaim").spec.resources).toEqual({ requests: { storage: volume } });
      expect(JSON.stringify(of("ResourceQuota").spec)).toContain(`"requests.storage":"${volume}"`);
    }),
    { numRuns: 100 },
  );
});

test("workloads with long names that begin alike come to objects of different names, of a length that Kubernetes takes", () => {
  const tail = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const name = fc
    .tuple(fc.integer({ min: 30, max: 54 }), tail)
    .map(([length, end]) => `${"a-".repeat(40).slice(0, length)}x${end}`);
  const kinds = [
    { kind: "service", port: 80, expose: [{ host: "auto" }, { l4: 30_001 }], preDeploy: { ["j".repeat(50)]: {} } },
    { kind: "stateful", port: 80, replicas: 2, volumes: { ["v".repeat(30)]: { mount: "/v", size: "1Gi" } } },
    { kind: "cron", schedule: "@daily", volumes: { ["v".repeat(30)]: { mount: "/v", size: "1Gi" } } },
    { kind: "job", env: { KEY: { generate: {} } } },
  ];
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 4, maxLength: 4 }), (names) => {
      const workloads = Object.fromEntries(names.map((one, index) => [one, { image, ...kinds[index] }]));
      const objects: KubeObject[] = render({ name: "shop", workloads });
      expect(new Set(objects.map(objectKey)).size).toBe(objects.length);
      for (const { kind, metadata } of objects.filter((one) => one.kind !== "PersistentVolumeClaim"))
        expect({ kind, length: metadata.name.length <= 63 }).toEqual({ kind, length: true });
    }),
    { numRuns: 100 },
  );
});
