import * as fc from "fast-check";
import { automaticHost } from "../../../components/app/model/ports";
import { joinName } from "../../../components/kube/names";
import { objectKey } from "../../../components/kube/object";
import { image, refused, render } from "../../support/apps";

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const port = fc.integer({ min: 1, max: 65_535 });
const size = fc
  .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom("Mi", "Gi"))
  .map(([count, unit]) => `${count}${unit}`);
const duration = fc
  .tuple(fc.integer({ min: 1, max: 59 }), fc.constantFrom("s", "m"))
  .map(([count, unit]) => `${count}${unit}`);
const variables = fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,15}$/), fc.string(), { maxKeys: 4 });

const pod = fc.record(
  {
    env: variables,
    args: fc.array(fc.string(), { maxLength: 3 }),
    resources: fc.record({ cpu: fc.constantFrom("50m", "1", "0.25"), memory: size }),
    stop: fc.record({ grace: duration }),
    user: fc.integer({ min: 1, max: 65_535 }),
    files: fc.dictionary(fc.stringMatching(/^\/[a-z]{1,8}(\/[a-z.]{1,8}[a-z])?$/), fc.string(), { maxKeys: 3 }),
  },
  { requiredKeys: [] },
);
const kinds = fc.oneof(
  fc.record({ kind: fc.constant("service"), port, replicas: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant("service"), port, expose: fc.constant([{ host: "auto" }]) }),
  fc.record({
    kind: fc.constant("worker"),
    scale: fc.record({ min: fc.constant(1), max: fc.integer({ min: 1, max: 9 }) }),
  }),
  fc.record({
    kind: fc.constant("stateful"),
    port,
    replicas: fc.integer({ min: 1, max: 3 }),
    volumes: fc.record({ data: fc.record({ mount: fc.constant("/data"), size }) }),
  }),
  fc.record({
    kind: fc.constant("job"),
    parallelism: fc.integer({ min: 1, max: 4 }),
    retries: fc.integer({ min: 0, max: 5 }),
  }),
  fc.record({ kind: fc.constant("cron"), schedule: fc.constantFrom("0 6 * * *", "*/5 * * * 1-5", "@daily") }),
  fc.record({ kind: fc.constant("daemon"), port }),
);
const workload = fc.tuple(pod, kinds).map(([common, own]) => ({ image, ...common, ...own }));
const app = fc
  .record({ name, workloads: fc.dictionary(name, workload, { minKeys: 1, maxKeys: 4 }) })
  .filter((written) => refused(written).length === 0);

test("a valid app renders twice the same, every object once, and nothing undefined in it", () => {
  fc.assert(
    fc.property(app, (written) => {
      const objects = render(written);
      expect(JSON.stringify(render(written))).toBe(JSON.stringify(objects));
      const keys = objects.map(objectKey);
      expect(keys).toEqual([...new Set(keys)]);
      expect(JSON.parse(JSON.stringify(objects))).toEqual(objects);
      for (const { metadata } of objects) expect(metadata.name.length).toBeLessThanOrEqual(63);
    }),
    { numRuns: 60 },
  );
});

test("quantities, variables and numbers arrive as they were written", () => {
  fc.assert(
    fc.property(name, variables, size, fc.integer({ min: 1, max: 5 }), (workloadName, env, memory, replicas) => {
      const written = { kind: "service", image, port: 8080, env, resources: { memory }, replicas };
      const deployment = render({ name: "shop", workloads: { [workloadName]: written } }).find(
        ({ kind }) => kind === "Deployment",
      );
      const spec = deployment?.["spec"] as {
        replicas: number;
        template: { spec: { containers: { env: object[]; resources: { requests: { memory: string } } }[] } };
      };
      const [container] = spec.template.spec.containers;
      expect(spec.replicas).toBe(replicas);
      expect(container?.resources.requests.memory).toBe(memory);
      expect(container?.env).toEqual(
        expect.arrayContaining(
          Object.entries(env)
            .filter(([key]) => key !== "PORT")
            .map(([key, value]) => ({ name: key, value })),
        ),
      );
    }),
    { numRuns: 40 },
  );
});

test("an unknown field anywhere in a workload is refused", () => {
  fc.assert(
    fc.property(kinds, fc.stringMatching(/^x[a-z]{3,8}$/), (own, field) => {
      const lines = refused({ name: "shop", workloads: { web: { image, ...own, [field]: 1 } } });
      expect(lines.filter((line) => line.startsWith(`FIELD_UNKNOWN ${field}: `))).toHaveLength(1);
    }),
    { numRuns: 40 },
  );
});

const longPart = fc.stringMatching(/^[a-z]([a-z0-9-]{0,60}[a-z0-9])?$/);

test("long names are cut to the limit and still differ", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(longPart, { minLength: 2, maxLength: 2 }),
      longPart,
      ([first = "", second = ""], tail) => {
        const [one, other] = [joinName([first, tail]), joinName([second, tail])];
        expect(one.length).toBeLessThanOrEqual(63);
        expect(one).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
        expect(one).not.toBe(other);
      },
    ),
  );
});

test("an automatic host is a name that DNS takes", () => {
  fc.assert(
    fc.property(longPart, longPart, (first, second) => {
      const [label = ""] = automaticHost(first, second, "dev.example.com").split(".");
      expect(label.length).toBeLessThanOrEqual(63);
      expect(label).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
    }),
  );
});
