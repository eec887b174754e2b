import * as fc from "fast-check";
import { planMove, type MoveInput } from "../../components/placement/move";
import { place, type PlacementInput, type Site } from "../../components/placement/place";
import { PetrichorError } from "../../components/errors";

const sites: readonly Site[] = [
  { name: "aws-eu", labels: { name: "aws-eu", kind: "aws", region: "eu" }, apps: "all" },
  { name: "azure-eu", labels: { name: "azure-eu", kind: "azure", region: "eu" }, apps: "all" },
  { name: "own", labels: { name: "own", kind: "existing" }, apps: ["shop"] },
];
const input = (changes: Partial<PlacementInput>): PlacementInput => ({
  environment: "prod",
  apps: ["hello", "shop"],
  sites,
  rules: {},
  recorded: {},
  ...changes,
});

test("without a rule an app runs on every cluster that takes it", () => {
  expect(place(input({})).clusters).toEqual({ hello: ["aws-eu", "azure-eu"], shop: ["aws-eu", "azure-eu", "own"] });
});

test("labels choose", () => {
  const rules = {
    hello: { on: "all", where: { region: "eu", kind: "azure" } },
    shop: { on: "all", where: { name: "own" } },
  } as const;
  expect(place(input({ rules })).clusters).toEqual({ hello: ["azure-eu"], shop: ["own"] });
});

test("an app that no cluster takes is placed nowhere, without complaint", () => {
  expect(place(input({ sites: sites.slice(2) }))).toEqual({ clusters: { shop: ["own"] }, unrecorded: [], errors: [] });
});

test("a cluster takes all apps but some, those to come too", () => {
  const site = { name: "own", labels: {}, apps: { except: ["shop"] } };
  expect(place(input({ apps: ["hello", "new", "shop"], sites: [site] })).clusters).toEqual({
    hello: ["own"],
    new: ["own"],
  });
});

test("a selector that matches no cluster is refused, with the clusters there are", () => {
  const { clusters, errors } = place(input({ rules: { hello: { on: "one", where: { region: "us" } } } }));
  expect(clusters).not.toHaveProperty("hello");
  expect(errors.map(String)).toEqual([
    'stack "prod", app "hello": no cluster has the labels region=us that its placement asks for. The clusters are aws-eu (name=aws-eu, kind=aws, region=eu); azure-eu (name=azure-eu, kind=azure, region=eu). Correct `placement.hello.where`, or label a cluster. [PLACEMENT_NO_CLUSTER]',
  ]);
});

describe("on one cluster", () => {
  const one = { on: "one", where: {} } as const;

  test("the choice is told until it is recorded", () => {
    const first = place(input({ rules: { hello: one } }));
    expect(first.clusters.hello).toHaveLength(1);
    expect(first.unrecorded).toEqual(["hello"]);
    const second = place(input({ rules: { hello: one }, recorded: { hello: first.clusters.hello ?? [] } }));
    expect(second.unrecorded).toEqual([]);
    expect(second.clusters).toEqual(first.clusters);
  });

  test("where only one cluster matches there is nothing to record", () => {
    expect(place(input({ rules: { hello: { on: "one", where: { kind: "aws" } } } })).unrecorded).toEqual([]);
  });

  test("what is recorded stays, whichever clusters come", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(names, fc.nat(), (clusters, index) => {
        const home = clusters[index % clusters.length] ?? "";
        const all = clusters.map((name): Site => ({ name, labels: {}, apps: "all" }));
        const { clusters: placed } = place(input({ sites: all, rules: { hello: one }, recorded: { hello: [home] } }));
        expect(placed.hello).toEqual([home]);
      }),
    );
  });

  test("the choice depends neither on the order of clusters nor on other apps, and a new cluster takes only what falls to it", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/), { minLength: 2, maxLength: 8 });
    const at = (clusters: readonly string[], apps: readonly string[]): Readonly<Record<string, readonly string[]>> =>
      place(
        input({
          apps,
          sites: clusters.map((name) => ({ name, labels: {}, apps: "all" })),
          rules: Object.fromEntries(apps.map((app) => [app, one])),
        }),
      ).clusters;
    fc.assert(
      fc.property(names, ([newest = "", ...others]) => {
        const before = at(others, ["hello", "shop"]);
        expect(at([...others].reverse(), ["shop"])).toEqual({ shop: before.shop });
        const after = at([newest, ...others], ["hello", "shop"]);
        for (const app of ["hello", "shop"]) expect([before[app]?.[0], newest]).toContain(after[app]?.[0]);
      }),
    );
  });

  test("apps spread over clusters", () => {
    const apps = Array.from({ length: 300 }, (_, index) => `app-${index}`);
    const { clusters } = place(
      input({ apps, sites: sites.slice(0, 2), rules: Object.fromEntries(apps.map((app) => [app, one])) }),
    );
    const onAws = Object.values(clusters).filter(([cluster]) => cluster === "aws-eu").length;
    expect(onAws).toBeGreaterThan(100);
    expect(onAws).toBeLessThan(200);
  });

  test("a placement that would move it silently is refused", () => {
    const rules = { hello: { on: "one", where: { kind: "azure" } } } as const;
    const { errors, clusters } = place(input({ rules, recorded: { hello: ["aws-eu"] } }));
    expect(clusters).not.toHaveProperty("hello");
    expect(errors.map(String)).toEqual([
      'stack "prod", app "hello": it runs on aws-eu, which its placement no longer allows. Moving is a plan of steps: allow both clusters, run `petrichor move hello --to azure-eu prod`, then narrow the placement. [PLACEMENT_WOULD_MOVE]',
    ]);
  });
});

describe("planMove", () => {
  const move = (changes: Partial<MoveInput>) =>
    planMove({
      environment: "prod",
      app: "hello",
      current: ["a"],
      to: "b",
      allowed: ["a", "b"],
      stateful: [],
      ...changes,
    });
  const create = { action: "create", cluster: "b", placement: ["a", "b"] };
  const check = { action: "check", cluster: "b" };
  const switchOver = { action: "switch", cluster: "b", placement: ["b", "a"] };
  const drain = { action: "drain", cluster: "a", placement: ["b"] };

  test.each([
    ["from the beginning", ["a"], [create, check, switchOver, drain]],
    ["after the app was created there", ["a", "b"], [check, switchOver, drain]],
    ["after the address was switched", ["b", "a"], [check, drain]],
    ["when it is done", ["b"], []],
  ])("%s", (_title, current, steps) => {
    expect(move({ current })).toEqual(steps);
  });

  test("following the plan from any point ends on the new cluster alone, and the app always has an address", () => {
    for (const start of [["a"], ["a", "b"], ["b", "a"], ["b"]]) {
      let current: readonly string[] = start;
      for (const step of move({ current })) {
        if ("placement" in step) current = step.placement;
        expect(current.length).toBeGreaterThan(0);
      }
      expect(current).toEqual(["b"]);
    }
  });

  test.each<[Partial<MoveInput>, string]>([
    [{ to: "c" }, "it can't be moved: its placement doesn't allow the cluster \"c\". Choose one of a, b"],
    [{ current: [] }, "it can't be moved: it runs nowhere."],
    [{ current: ["a", "b", "c"], allowed: ["a", "b", "c"] }, "it can't be moved: it runs on a, b, c at once."],
    [{ stateful: ["db"] }, 'it can\'t be moved: "db" keeps data in volumes, which stay behind.'],
  ])("%j is refused", (changes, expected) => {
    expect(() => move(changes)).toThrow(PetrichorError);
    try {
      move(changes);
    } catch (error) {
      expect(String(error)).toContain(expected);
    }
  });
});
