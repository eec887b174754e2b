import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { type Kind, kinds } from "../../../components/app/definition/workload";
import { resolveApps } from "../../../components/app/model/resolve";
import type { AppModel } from "../../../components/app/model/types";
import { appObjects } from "../../../components/app/objects/app";
import { emptyRelease, type Release } from "../../../components/app/release";
import { PetrichorError } from "../../../components/errors";
import { stackSchema } from "../../../stacks/stack";
import { errorsOf, facts, image } from "../../support/apps";

const guide = readFileSync(path.join(__dirname, "../../../docs/guide/apps.md"), "utf8");

interface Example {
  readonly name?: string;
  readonly workloads?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly overrides?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

const examples = [...guide.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = ""]) => parse(text) as Example);
const apps = examples.filter(({ workloads }) => workloads !== undefined);

/** As if every image were built. */
const release: Release = {
  ...emptyRelease,
  apps: Object.fromEntries(
    apps.map(({ name = "", workloads = {} }) => [
      name,
      Object.fromEntries(Object.keys(workloads).map((workload) => [workload, { image }])),
    ]),
  ),
};

function resolve(definitions: readonly Example[], overrides: Example["overrides"] = {}): readonly AppModel[] {
  return resolveApps({
    definitions: definitions.map((definition) => ({ file: `apps/${definition.name ?? ""}/app.yaml`, definition })),
    stack: { environment: "dev", domain: "dev.example.com", overrides },
    release,
  });
}

/** The last of the examples that describe the same app: the tour begins with the smallest form of it. */
const latest = [...new Map(apps.map((app) => [app.name, app])).values()];

test.each(apps.map((app) => [app.name, app] as const))("the example %s comes to objects", (_, app) => {
  const models = resolve([app, ...latest.filter(({ name }) => name === "guestbook" && name !== app.name)]);
  const objects = models.filter(({ name }) => name === app.name).flatMap((model) => appObjects(model, facts));
  expect(objects.length).toBeGreaterThan(4);
});

test("the tour shows every kind but the one that the platform's own agents are, and says what each comes to", () => {
  const shown = new Set(apps.flatMap(({ workloads = {} }) => Object.values(workloads).map(({ kind }) => kind)));
  expect((Object.keys(kinds) as Kind[]).filter((kind) => !shown.has(kind))).toEqual(["daemon"]);
  const table = new Map([...guide.matchAll(/^\| `(\w+)` +\|.*\| (\w+) +\|$/gm)].map(([, kind, made]) => [kind, made]));
  for (const kind of Object.keys(kinds) as Kind[]) {
    const workload = { kind, image, ...(kind === "cron" ? { schedule: "0 6 * * *" } : {}) };
    const [model] = resolveApps({
      definitions: [{ file: "apps/one/app.yaml", definition: { name: "one", workloads: { one: workload } } }],
      stack: { environment: "dev", domain: "dev.example.com" },
      release: emptyRelease,
    });
    const made = model === undefined ? [] : appObjects(model, facts).map((object) => object.kind);
    expect(made).toContain(table.get(kind));
  }
});

test("the overrides are a stack's, of an app of the tour", () => {
  const [{ overrides = {} } = {}] = examples.filter((example) => example.overrides !== undefined);
  const stack = { environment: "dev", clusters: { one: { kind: "embedded" } }, domain: "dev.example.com", overrides };
  expect(stackSchema.safeParse(stack).success).toBe(true);
  const web = resolve(latest, overrides)
    .find(({ name }) => name === "front")
    ?.workloads.find(({ name }) => name === "web");
  expect(web).toMatchObject({ scale: { min: 1, max: 1 }, container: { resources: { memory: "512Mi" } } });
});

test("the error that is shown is what is said of that mistake", () => {
  const [guestbook] = latest.filter(({ name }) => name === "guestbook");
  const { web = {}, ...others } = guestbook?.workloads ?? {};
  const wrong = { ...guestbook, workloads: { ...others, web: { ...web, scale: { min: 5, max: 2 } } } };
  const [error] = errorsOf(() => resolve([wrong]));
  const { code = "FIELD_TYPE", message = "", fix = "", place = {} } = error ?? {};
  const told = new PetrichorError(code, message, fix, { ...place, line: 7 });
  expect(guide).toContain(`error: ${String(told)}\n`);
});

test("a circle is refused as the tour says: only the example's wait: false makes it none", () => {
  const [blog] = latest.filter(({ name }) => name === "blog");
  const waiting = JSON.parse(JSON.stringify(blog).replace('"wait":false', '"wait":true')) as Example;
  const errors = errorsOf(() => resolve([waiting, ...latest.filter(({ name }) => name === "guestbook")]));
  expect(errors.map(({ code, fix }) => [code, fix])).toEqual([
    ["LINK_CYCLE", "Write wait: false in one of these links."],
  ]);
});
