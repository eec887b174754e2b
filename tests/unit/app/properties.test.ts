import * as fc from "fast-check";
import { automaticHost } from "../../../components/app/model/ports";
import { joinName } from "../../../components/kube/names";
import { objectKey } from "../../../components/kube/object";
import { image, refused, render } from "../../support/apps";
import { app, kinds, name, size, variables } from "../../support/arbitrary-apps";

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
