import fc from "fast-check";
import { emptyRelease, type Release } from "../../../components/app/release";
import { givePorts, unallocated } from "../../../stacks/project/ports";
import { stackSchema } from "../../../stacks/stack";
import { embedded } from "../../../stacks/stack";
import { errorsOf, image, resolve } from "../../support/apps";

const stack = stackSchema.parse({ environment: "dev", clusters: { one: embedded() }, domain: "dev.example.com" });
const app = (name: string, expose: readonly object[] = [{ l4: "auto" }]) => ({
  file: `apps/${name}/app.ts`,
  definition: { name, workloads: { web: { kind: "service", image, port: 8080, protocol: "tcp", expose } } },
});
const portsOf = ({ apps }: Release): Record<string, number | undefined> =>
  Object.fromEntries(Object.entries(apps).map(([name, { web }]) => [name, web?.ports?.["tcp"]]));

test("automatic addresses get the lowest free ports, and those asked for by number are left alone", () => {
  const definitions = [app("b"), app("a"), app("fixed", [{ l4: 30_000 }]), app("silent", [])];
  const { release, fresh } = givePorts(definitions, stack, emptyRelease);
  expect(release.apps).toEqual({ a: { web: { ports: { tcp: 30_001 } } }, b: { web: { ports: { tcp: 30_002 } } } });
  expect(fresh.map(({ app: name }) => name)).toEqual(["b", "a"]);
});

test("a release that is complete stays as it is; digests stay beside the ports", () => {
  const before = { ...emptyRelease, apps: { a: { web: { image, ports: { tcp: 30_007 } } }, b: { web: { image } } } };
  expect(givePorts([app("a")], stack, before)).toEqual({ release: before, fresh: [] });
});

test("an override of the stack asks for a port too", () => {
  const overridden = { ...stack, overrides: { quiet: { web: { expose: [{ l4: "auto" }] } } } };
  expect(portsOf(givePorts([app("quiet", [])], overridden, emptyRelease).release)).toEqual({ quiet: 30_000 });
});

test("a full pool is an error that names who gets no port", () => {
  const narrow = { ...stack, ports: { first: 30_000, last: 30_000 } };
  const [error] = errorsOf(() => givePorts([app("a"), app("b")], narrow, emptyRelease));
  expect(String(error)).toBe(
    'apps/b/app.ts: app "b", workload "web": expose[0].l4 is "auto", and no port from 30000 to 30000 is left. Widen `ports` in stacks/dev.ts. [PORT_POOL_FULL]',
  );
});

test("where the release file is reviewed, a missing port names the command that gives it", () => {
  const [missing] = givePorts([app("a")], stack, emptyRelease).fresh;
  expect(missing && String(unallocated(missing, stack))).toBe(
    'apps/a/app.ts: app "a", workload "web": expose[0].l4 is "auto", and releases/dev.yaml gives it no port yet. Run `petrichor lock dev` and commit what it writes. [PORT_UNALLOCATED]',
  );
});

test("a clash after a merge is an error that names both sides", () => {
  const release = {
    ...emptyRelease,
    apps: { a: { web: { ports: { tcp: 30_000 } } }, b: { web: { ports: { tcp: 30_000 } } } },
  };
  const [error] = errorsOf(() => resolve([app("a").definition, app("b").definition], release));
  expect(error?.message).toBe('expose[0] asks for port 30000/tcp, which workload "a/web" has already.');
  expect(error?.place).toMatchObject({ app: "b", workload: "web", field: "expose[0].l4" });
});

test("200 apps that come and go: no clash in what they resolve to, nothing moves, a freed port rests", () => {
  const names = Array.from({ length: 200 }, (_, index) => `app-${index}`);
  fc.assert(
    fc.property(fc.array(fc.subarray(names, { minLength: 120 }), { minLength: 2, maxLength: 4 }), (rounds) => {
      let release = givePorts(
        names.map((name) => app(name)),
        stack,
        emptyRelease,
      ).release;
      for (const present of rounds) {
        const before = portsOf(release);
        const resting = new Set(release.resting);
        const definitions = present.map((name) => app(name));
        release = givePorts(definitions, stack, release).release;
        const after = portsOf(release);
        for (const name of present) {
          if (before[name] !== undefined) expect(after[name]).toBe(before[name]);
          else expect(resting.has(after[name] ?? 0)).toBe(false);
        }
        const exposed = resolve(
          definitions.map(({ definition }) => definition),
          release,
        ).flatMap(({ workloads }) => workloads.flatMap((one) => ("expose" in one ? one.expose : [])));
        const given = exposed.map((one) => (one.type === "layer4" ? one.address : undefined));
        expect(new Set(given).size).toBe(present.length);
        for (const [name, port] of Object.entries(before))
          if (!present.includes(name) && port !== undefined) expect(release.resting).toContain(port);
      }
    }),
    { numRuns: 5 },
  );
});
