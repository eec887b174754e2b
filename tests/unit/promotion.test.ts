import * as fc from "fast-check";
import { described } from "../../cli/release/promote";
import { emptyRelease, type Release, releaseSchema } from "../../components/app/release";
import { releaseChanges } from "../../components/release/changes";
import {
  planPromotion,
  type Promotion,
  type PromotionInput,
  type RunningImage,
} from "../../components/release/promotion";
import { imageIn, inRegistry } from "../../components/release/registries";
import { planRollback } from "../../components/release/rollback";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const dev: Release = {
  ...emptyRelease,
  apps: {
    shop: {
      web: {
        image: `dev.example.com/shop/web@${digest("a")}`,
        source: { revision: "commit-2" },
        ports: { http: 30001 },
      },
      api: { image: `dev.example.com/shop/api@${digest("b")}` },
    },
    hello: { web: { image: `dev.example.com/hello/web@${digest("c")}` } },
  },
};
const staging: Release = {
  apps: {
    shop: {
      web: {
        image: `staging.example.com/shop/web@${digest("d")}`,
        source: { revision: "commit-1" },
        ports: { http: 31000 },
      },
    },
  },
  placements: { shop: ["aws-eu"] },
  resting: [],
  facts: { "aws-eu": { version: "1.36" } },
};
const running = (changes: Partial<RunningImage> = {}): RunningImage[] =>
  [
    ["shop", "web", "a"],
    ["shop", "api", "b"],
    ["hello", "web", "c"],
  ].map(([app = "", workload = "", letter = ""]) => ({
    app,
    workload,
    cluster: "dev",
    image: `dev.example.com/${app}/${workload}@${digest(letter)}`,
    ready: 1,
    wanted: 1,
    ...(app === "shop" && workload === "web" ? changes : {}),
  }));
const input = (seen: readonly RunningImage[], apps?: string[]): PromotionInput => ({
  from: { environment: "dev", release: dev, running: seen, registries: ["dev.example.com"] },
  to: { environment: "staging", release: staging, registry: "staging.example.com" },
  ...(apps === undefined ? {} : { apps }),
});
const promoted = (plan: ReturnType<typeof planPromotion>): Promotion => {
  if (!("release" in plan)) throw new Error(plan.map(String).join("\n"));
  return plan;
};
const refused = (plan: ReturnType<typeof planPromotion>): string[] => {
  if ("release" in plan) throw new Error("nothing was refused");
  return plan.map(String);
};

describe("promotion", () => {
  test("moves digests and sources into the target's registry; ports, placements and facts of the target stay", () => {
    const { release, changes, images } = promoted(planPromotion(input(running())));
    expect(release).toEqual({
      apps: {
        shop: {
          web: {
            image: `staging.example.com/shop/web@${digest("a")}`,
            source: { revision: "commit-2" },
            ports: { http: 31000 },
          },
          api: { image: `staging.example.com/shop/api@${digest("b")}` },
        },
        hello: { web: { image: `staging.example.com/hello/web@${digest("c")}` } },
      },
      placements: staging.placements,
      resting: [],
      facts: staging.facts,
    });
    expect(releaseSchema.parse(release)).toEqual(release);
    expect(changes).toEqual([
      { app: "hello", workload: "web", after: digest("c") },
      { app: "shop", workload: "api", after: digest("b") },
      {
        app: "shop",
        workload: "web",
        before: digest("d"),
        after: digest("a"),
        revisionBefore: "commit-1",
        revisionAfter: "commit-2",
      },
    ]);
    expect(images.map(({ name }) => name)).toEqual(["shop/web", "shop/api", "hello/web"]);
  });

  test("of chosen apps alone", () => {
    expect(promoted(planPromotion(input(running(), ["hello"]))).changes.map(({ app }) => app)).toEqual(["hello"]);
  });

  test("of what is there already changes nothing", () => {
    const { release } = promoted(planPromotion(input(running())));
    const again = input(running());
    expect(promoted(planPromotion({ ...again, to: { ...again.to, release } })).changes).toEqual([]);
  });

  test("doesn't touch what it was given", () => {
    const before = structuredClone(staging);
    planPromotion(input(running()));
    expect(staging).toEqual(before);
  });

  test.each<[title: string, plan: PromotionInput, expected: string]>([
    [
      "a digest that runs nowhere",
      input(running().filter(({ workload }) => workload !== "api")),
      'stack "dev", app "shop", workload "api": sha256:bbbbbbbbbbbb runs nowhere in dev, so nothing proves that it works. Run `petrichor up dev`, look at it, then promote to staging. [PROMOTION_NOT_RUNNING]',
    ],
    [
      "another digest than the release says",
      input(running({ image: `dev.example.com/shop/web@${digest("e")}` })),
      'stack "dev", app "shop", workload "web": the release file says sha256:aaaaaaaaaaaa, but dev runs sha256:eeeeeeeeeeee.',
    ],
    [
      "a tag",
      input(running({ image: "dev.example.com/shop/web:latest" })),
      "but dev runs dev.example.com/shop/web:latest.",
    ],
    [
      "pods that are not ready",
      input(running({ ready: 1, wanted: 3 })),
      'stack "dev", app "shop", workload "web": 1 of 3 pods are ready on dev. Find out why (`petrichor logs shop/web dev`) and promote when it is well. [PROMOTION_UNHEALTHY]',
    ],
    [
      "an app that isn't there",
      input(running(), ["shp"]),
      'the release of dev holds no app "shp". Did you mean "shop"? Take one of: shop, hello. [APP_UNKNOWN]',
    ],
  ])("%s is refused", (_title, plan, expected) => {
    const errors = refused(planPromotion(plan));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(expected);
  });

  test("a workload at zero is well", () => {
    expect(promoted(planPromotion(input(running({ ready: 0, wanted: 0 })))).changes).toHaveLength(3);
  });

  test("one unwell cluster of several is enough to refuse", () => {
    const elsewhere = running({ cluster: "dev.west", ready: 0, wanted: 1 }).filter(
      ({ app, workload }) => app === "shop" && workload === "web",
    );
    expect(refused(planPromotion(input([...running(), ...elsewhere])))[0]).toContain(
      "0 of 1 pods are ready on dev.west.",
    );
  });
});

describe("rollback", () => {
  const now = promoted(planPromotion(input(running()))).release;

  test("takes images and sources back; ports, placements and facts stay; what is newer is kept and told", () => {
    const { release, changes, kept } = planRollback({
      current: now,
      former: { ...staging, facts: {}, placements: {} },
    });
    expect(release.apps.shop?.web).toEqual(staging.apps.shop?.web);
    expect(release).toMatchObject({ facts: staging.facts, placements: staging.placements });
    expect(changes).toEqual([
      {
        app: "shop",
        workload: "web",
        before: digest("a"),
        after: digest("d"),
        revisionBefore: "commit-2",
        revisionAfter: "commit-1",
      },
    ]);
    expect(kept).toEqual(["shop/api", "hello/web"]);
  });

  test("of one app leaves the others", () => {
    const { changes } = planRollback({
      current: now,
      former: { ...now, apps: { ...staging.apps, hello: {} } },
      apps: ["hello"],
    });
    expect(changes).toEqual([]);
  });

  const letter = fc.constantFrom("a", "b", "c", "d", "e", "f");
  const anyRelease = fc
    .dictionary(
      fc.constantFrom("shop", "hello"),
      fc.dictionary(fc.constantFrom("web", "api"), letter, { minKeys: 1 }),
      { minKeys: 1 },
    )
    .map((apps): Release => ({
      ...emptyRelease,
      apps: Object.fromEntries(
        Object.entries(apps).map(([app, workloads]) => [
          app,
          Object.fromEntries(
            Object.entries(workloads).map(([name, one]) => [
              name,
              { image: `r.example.com/${app}/${name}@${digest(one)}` },
            ]),
          ),
        ]),
      ),
    }));

  test("there and back again: whatever both releases know is as it was", () => {
    fc.assert(
      fc.property(anyRelease, anyRelease, (current, former) => {
        const { release } = planRollback({ current, former });
        const forward = planRollback({ current: release, former: current });
        expect(forward.release).toEqual(current);
      }),
    );
  });

  test("no change is told for releases that are the same, one for each digest that differs", () => {
    fc.assert(
      fc.property(anyRelease, anyRelease, (one, other) => {
        expect(releaseChanges(one, one)).toEqual([]);
        for (const { before, after } of releaseChanges(one, other)) expect(before).not.toBe(after);
      }),
    );
  });
});

describe("registries", () => {
  test("a cluster reads images from its own registry, under the same digest", () => {
    const { apps } = inRegistry(dev, ["dev.example.com", "other.example.com"], "123.dkr.ecr.example.com/dev");
    expect(apps.shop?.web?.image).toBe(`123.dkr.ecr.example.com/dev/shop/web@${digest("a")}`);
    expect(apps.shop?.web?.ports).toEqual({ http: 30001 });
  });

  test.each([
    [`dev.example.com/shop/web@${digest("a")}`, { name: "shop/web", digest: digest("a") }],
    [`dev.example.com.evil.test/shop/web@${digest("a")}`, undefined],
    ["dev.example.com/shop/web:latest", undefined],
    [`docker.io/library/nginx@${digest("a")}`, undefined],
  ])("%s", (image, expected) => {
    expect(imageIn(["dev.example.com"], image)).toEqual(expected);
  });
});

test("what no file describes any more is not promoted", () => {
  const definitions = [
    { file: "apps/shop/app.ts", definition: { name: "shop", workloads: { web: {} } } },
    { file: "apps/other/app.ts", definition: { name: "other" } },
  ];
  const { apps } = described(definitions, dev);
  expect(Object.fromEntries(Object.entries(apps).map(([app, workloads]) => [app, Object.keys(workloads)]))).toEqual({
    shop: ["web"],
  });
});
