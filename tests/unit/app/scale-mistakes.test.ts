import path from "node:path";
import { resolveApps } from "../../../components/app/model/resolve";
import type { Capabilities } from "../../../components/app/model/capabilities";
import { emptyRelease } from "../../../components/app/release";
import { PetrichorErrors } from "../../../components/errors";
import { expectGolden } from "../../support/golden";

const image = `registry.example.com/shop/web@sha256:${"a".repeat(64)}`;
const everything: Capabilities = {
  gateway: true,
  autoscaling: true,
  buffering: { namespace: "keda", port: 8080 },
  measurements: true,
};
const http = { kind: "service", image, port: 8080, expose: [{ host: "auto" }] };
const worker = { kind: "worker", image };
const queue = { kind: "stateful", image, port: 4222, ports: { monitor: 8222 } };
const cron = { start: "0 8 * * *", end: "0 18 * * *", timezone: "Europe/Berlin", replicas: 2 };
const trigger = { queue: { link: "QUEUE", name: "orders/packing", length: 5 } };

function mistakesIn(workloads: object, capabilities: Capabilities): string[] {
  try {
    resolveApps({
      definitions: [{ file: "apps/shop/app.ts", definition: { name: "shop", workloads } }],
      stack: { environment: "dev", domain: "example.com", capabilities },
      release: emptyRelease,
    });
    return [];
  } catch (error) {
    const errors = error instanceof PetrichorErrors ? error.errors : [error as PetrichorErrors["errors"][number]];
    return errors.map(({ code, place, message, fix }) => `${code} ${place.field ?? ""}: ${message} ${fix}`);
  }
}

const web = (scale: object, fields: object = {}): object => ({ web: { ...http, scale, ...fields } });
const work = (scale: object, fields: object = {}): object => ({ web: { ...worker, scale, ...fields } });

const at = (traffic: object): object => ({ expose: [{ host: "auto", traffic }] });

/** What is wrong, the workloads that say it, and the code and field that the answer must have. */
const mistakes: readonly [string, object, string, Capabilities?][] = [
  ["more at least than at most", web({ min: 5, max: 2 }), "FIELD_CONFLICT scale.min"],
  ["fewer than none", web({ min: -1 }), "FIELD_RANGE scale.min"],
  ["at most none", web({ max: 0 }), "FIELD_RANGE scale.max"],
  ["more than a cluster takes", web({ max: 1001 }), "FIELD_RANGE scale.max"],
  ["a part of a replica", web({ min: 1.5 }), "FIELD_TYPE scale.min"],
  ["a number in quotes", web({ max: "3" }), "FIELD_TYPE scale.max"],
  ["a fixed number too", web({ max: 3 }, { replicas: 2 }), "FIELD_CONFLICT replicas"],
  ["triggers that are no list", web({ on: { cpu: "70%" } }), "FIELD_TYPE scale.on"],
  ["an unknown trigger", web({ on: [{ gpu: "70%" }] }), "FIELD_UNKNOWN scale.on[0].gpu"],
  ["an unknown field", web({ minimum: 1 }), "FIELD_UNKNOWN scale.minimum"],
  ["CPU without a unit", web({ on: [{ cpu: 70 }] }), "FIELD_UNIT scale.on[0].cpu"],
  ["memory without a unit", web({ on: [{ memory: "512" }] }), "FIELD_TYPE scale.on[0].memory"],
  ["no request per replica", web({ on: [{ rps: 0 }] }), "FIELD_RANGE scale.on[0].rps"],
  ["half a request in flight", web({ on: [{ concurrency: 0.5 }] }), "FIELD_TYPE scale.on[0].concurrency"],
  ["latency without a percentile", web({ on: [{ latency: "250ms" }] }), "FIELD_TYPE scale.on[0].latency"],
  ["latency without a unit", web({ on: [{ latency: { p95: 250 } }] }), "FIELD_UNIT scale.on[0].latency.p95"],
  ["two targets for one trigger", web({ min: 1, max: 3, on: [{ rps: 5 }, { rps: 9 }] }), "FIELD_CONFLICT scale.on[1]"],
  ["requests of a worker", work({ min: 1, max: 3, on: [{ rps: 5 }] }), "FIELD_CONFLICT scale.on[0]"],
  ["latency of a worker", work({ min: 1, max: 3, on: [{ latency: { p95: "1s" } }] }), "FIELD_CONFLICT scale.on[0]"],
  [
    "requests without a port",
    { web: { kind: "service", image, scale: { min: 1, max: 3, on: [{ concurrency: 5 }] } } },
    "FIELD_CONFLICT scale.on[0]",
  ],
  [
    "requests in a protocol that nobody reads",
    web({ min: 1, max: 3, on: [{ rps: 5 }] }, { protocol: "tcp", expose: [] }),
    "FIELD_CONFLICT scale.on[0]",
  ],
  [
    "latency of what no gateway sees",
    web({ min: 1, max: 3, on: [{ latency: { p95: "1s" } }] }, { expose: [] }),
    "FIELD_CONFLICT scale.on[0]",
  ],
  ["counted requests of sticky clients", web({ min: 0 }, at({ sticky: true })), "FIELD_CONFLICT scale.on[0]"],
  [
    "counted requests whose errors count",
    web({ min: 0 }, at({ circuitBreaker: { errors: 5 } })),
    "FIELD_CONFLICT scale.on[0]",
  ],
  [
    "latency that can't be told from cold starts",
    web({ min: 0, max: 3, on: [{ rps: 5 }, { latency: { p95: "1s" } }], cooldown: "10s" }),
    "FIELD_CONFLICT scale.cooldown",
  ],
  ["zero that only CPU would end", web({ min: 0, max: 3, on: [{ cpu: "70%" }] }), "FIELD_CONFLICT scale.min"],
  [
    "zero that only latency would end",
    web({ min: 0, max: 3, on: [{ latency: { p95: "1s" } }] }),
    "FIELD_CONFLICT scale.min",
  ],
  ["a queue without a link", work({ min: 0, max: 3, on: [trigger] }), "LINK_UNKNOWN scale.on[0].queue.link"],
  [
    "a queue that tells nothing",
    { ...work({ min: 0, max: 3, on: [trigger] }, { links: { QUEUE: "queue" } }), queue: { ...queue, ports: {} } },
    "PORT_UNKNOWN scale.on[0].queue.link",
  ],
  [
    "a stream without a consumer",
    work({ min: 0, max: 3, on: [{ queue: { ...trigger.queue, name: "orders" } }] }, { links: {} }),
    "FIELD_FORMAT scale.on[0].queue.name",
  ],
  [
    "no message per replica",
    work({ min: 0, max: 3, on: [{ queue: { ...trigger.queue, length: 0 } }] }),
    "FIELD_RANGE scale.on[0].queue.length",
  ],
  [
    "a clock without a time zone",
    work({ min: 0, max: 3, on: [{ cron: { ...cron, timezone: undefined } }] }),
    "FIELD_MISSING scale.on[0].cron.timezone",
  ],
  [
    "a time zone that is none",
    work({ min: 0, max: 3, on: [{ cron: { ...cron, timezone: "Mars/Olympus" } }] }),
    "FIELD_VALUE scale.on[0].cron.timezone",
  ],
  [
    "a time that never comes",
    work({ min: 0, max: 3, on: [{ cron: { ...cron, start: "0 25 * * *" } }] }),
    "FIELD_FORMAT scale.on[0].cron.start",
  ],
  [
    "a time that ends when it begins",
    work({ min: 0, max: 3, on: [{ cron: { ...cron, end: cron.start } }] }),
    "FIELD_CONFLICT scale.on[0]",
  ],
  [
    "a time with more than at most",
    work({ min: 0, max: 3, on: [{ cron: { ...cron, replicas: 4 } }] }),
    "FIELD_CONFLICT scale.on[0]",
  ],
  ["an empty query", web({ on: [{ promql: { query: "", threshold: 1 } }] }), "FIELD_RANGE scale.on[0].promql.query"],
  [
    "a query without a share",
    web({ on: [{ promql: { query: "up", threshold: 0 } }] }),
    "FIELD_RANGE scale.on[0].promql.threshold",
  ],
  ["a window that is too long", web({ max: 3, window: { down: "2h" } }), "FIELD_RANGE scale.window.down"],
  ["a window without a unit", web({ max: 3, window: { up: 10 } }), "FIELD_UNIT scale.window.up"],
  ["a step that is too long", web({ max: 3, step: { up: { every: "1h" } } }), "FIELD_RANGE scale.step.up.every"],
  ["a step that takes no time", web({ max: 3, step: { down: { every: "0s" } } }), "FIELD_RANGE scale.step.down.every"],
  ["a step of nothing", web({ max: 3, step: { up: { replicas: 0 } } }), "FIELD_RANGE scale.step.up.replicas"],
  ["a tolerance of twice the target", web({ max: 3, tolerance: "200%" }), "FIELD_UNIT scale.tolerance"],
  [
    "a fallback above the most",
    web({ min: 1, max: 3, fallback: { replicas: 4 } }),
    "FIELD_CONFLICT scale.fallback.replicas",
  ],
  [
    "a fallback below the fewest",
    web({ min: 2, max: 3, fallback: { replicas: 1 } }),
    "FIELD_CONFLICT scale.fallback.replicas",
  ],
  ["a fallback to nothing", web({ fallback: { replicas: 0 } }), "FIELD_RANGE scale.fallback.replicas"],
  [
    "a cold start of what never sleeps",
    web({ min: 1, max: 3, coldStart: { budget: "5s" } }),
    "FIELD_CONFLICT scale.coldStart",
  ],
  [
    "a cold start that no request makes",
    work({ min: 0, max: 3, on: [{ cron }], coldStart: { budget: "5s" } }),
    "FIELD_CONFLICT scale.coldStart",
  ],
  [
    "two answers while it wakes",
    { ...web({ min: 0, coldStart: { placeholder: {}, fallback: "other" } }), other: http },
    "FIELD_CONFLICT scale.coldStart.fallback",
  ],
  ["a fallback that is not there", web({ coldStart: { fallback: "other" } }), "LINK_UNKNOWN scale.coldStart.fallback"],
  ["itself as its fallback", web({ coldStart: { fallback: "web" } }), "FIELD_CONFLICT scale.coldStart.fallback"],
  [
    "a fallback that answers nobody",
    { ...web({ coldStart: { fallback: "other" } }), other: worker },
    "FIELD_CONFLICT scale.coldStart.fallback",
  ],
  [
    "more warm than at most",
    web({ min: 0, max: 3, coldStart: { minWarm: 4 } }),
    "FIELD_CONFLICT scale.coldStart.minWarm",
  ],
  [
    "a status that is none",
    web({ coldStart: { placeholder: { status: 99 } } }),
    "FIELD_RANGE scale.coldStart.placeholder.status",
  ],
  ["a scale of what keeps data", { web: { ...queue, scale: { max: 3 } } }, "FIELD_UNKNOWN scale"],
  [
    "a job that follows the clock",
    { web: { kind: "job", image, scale: { on: [{ cron }] } } },
    "FIELD_UNKNOWN scale.on[0].cron",
  ],
  ["a job that follows nothing", { web: { kind: "job", image, scale: { on: [] } } }, "FIELD_RANGE scale.on"],
  [
    "a job without anybody to start it",
    { web: { kind: "job", image, links: { QUEUE: "queue" }, scale: { on: [trigger] } }, queue },
    "ENGINE_LACKING scale",
    {},
  ],
  [
    "requests that nobody counts",
    web({ min: 0, max: 3, on: [{ concurrency: 5 }] }),
    "ENGINE_LACKING scale.on[0]",
    { gateway: true, autoscaling: true },
  ],
  [
    "latency that nobody keeps",
    web({ min: 1, max: 3, on: [{ latency: { p95: "1s" } }] }),
    "ENGINE_LACKING scale.on[0]",
    { gateway: true, autoscaling: true },
  ],
  [
    "a query that nobody answers",
    web({ min: 1, max: 3, on: [{ promql: { query: "up", threshold: 1 } }] }),
    "ENGINE_LACKING scale.on[0]",
    { gateway: true, autoscaling: true },
  ],
  [
    "latency without a gateway",
    web({ min: 1, max: 3, on: [{ latency: { p95: "1s" } }] }),
    "ENGINE_LACKING scale.on[0]",
    { autoscaling: true, measurements: true },
  ],
  [
    "a second target of each kind",
    web({ min: 1, max: 3, on: [{ cpu: "1%" }, { memory: "1%" }, { cpu: "2%" }] }),
    "FIELD_CONFLICT scale.on[2]",
  ],
  [
    "runs for a queue that nobody reads",
    { web: { kind: "job", image, scale: { on: [trigger] } }, queue },
    "LINK_UNKNOWN scale.on[0].queue.link",
  ],
  ["a window a second too long", web({ max: 3, window: { up: "3601s" } }), "FIELD_RANGE scale.window.up"],
  [
    "a step a second too long",
    web({ max: 3, step: { down: { every: "1801s" } } }),
    "FIELD_RANGE scale.step.down.every",
  ],
  [
    "a cool-down a second too short",
    web({ min: 0, max: 3, on: [{ rps: 5 }, { latency: { p95: "1s" } }], cooldown: "59s" }),
    "FIELD_CONFLICT scale.cooldown",
  ],
  [
    "latency in a protocol that nobody reads",
    web({ min: 1, max: 3, on: [{ latency: { p95: "1s" } }] }, { protocol: "tcp", expose: [{ l4: 30_000 }] }),
    "FIELD_CONFLICT scale.on[0]",
  ],
  [
    "a fallback of what never sleeps",
    web({ min: 1, max: 3, coldStart: { fallback: "nobody" } }),
    "FIELD_CONFLICT scale.coldStart",
  ],
  [
    "a placeholder that no request sees",
    work({ min: 0, max: 3, on: [{ cron }], coldStart: { placeholder: { body: "a" } } }),
    "FIELD_CONFLICT scale.coldStart",
  ],
  [
    "a fallback that no request asks",
    { ...work({ min: 0, max: 3, on: [{ cron }], coldStart: { fallback: "other" } }), other: http },
    "FIELD_CONFLICT scale.coldStart",
  ],
  [
    "a fallback without a port",
    { ...web({ coldStart: { fallback: "other" } }), other: { kind: "service", image } },
    "FIELD_CONFLICT scale.coldStart.fallback",
  ],
  [
    "a fallback of another kind with a port",
    { ...web({ coldStart: { fallback: "queue" } }), queue },
    "FIELD_CONFLICT scale.coldStart.fallback",
  ],
  ["a memory share that cannot wake", web({ min: 0, max: 3, on: [{ memory: "70%" }] }), "FIELD_CONFLICT scale.min"],
];

test.each(mistakes)("%s is refused", (_, workloads, expected, capabilities = everything) => {
  expect(mistakesIn(workloads, capabilities)).toContainEqual(expect.stringContaining(`${expected}: `));
});

test("what each is told", () => {
  const told = mistakes.map(([what, workloads, , capabilities = everything]) =>
    [`# ${what}`, ...mistakesIn(workloads, capabilities)].join("\n"),
  );
  expectGolden(path.join(__dirname, "../../golden/mistakes/scale.txt"), `${told.join("\n\n")}\n`);
});

test("what is right is taken", () => {
  const right = {
    ...web({
      min: 0,
      max: 3,
      on: [{ rps: 5 }, { latency: { p99: "1s" } }],
      coldStart: { fallback: "other", minWarm: 2 },
    }),
    other: {
      ...http,
      scale: { min: 2, max: 8, on: [{ cpu: "70%" }], step: { up: { percent: 50 } }, window: { up: "1h" } },
    },
    job: { kind: "job", image, links: { QUEUE: "queue" }, scale: { max: 3, on: [trigger] } },
    queue,
  };
  expect(mistakesIn(right, everything)).toEqual([]);
});
