import type { Capabilities } from "../../../components/app/model/capabilities";
import { emptyRelease } from "../../../components/app/release";
import { image, resolve } from "../../support/apps";

const capabilities: Capabilities = {
  gateway: true,
  autoscaling: true,
  buffering: { namespace: "keda", port: 8080 },
  measurements: true,
};
const http = { kind: "service", image, port: 8080, expose: [{ host: "auto" }] };
const queue = { kind: "stateful", image, port: 4222, ports: { monitor: 8222 } };
const cron = { start: "0 8 * * *", end: "0 18 * * *", timezone: "Europe/Berlin", replicas: 2 };
const trigger = { queue: { link: "QUEUE", name: "orders/packing", length: 5 } };
const web = (scale: object, fields: object = {}): object => ({ web: { ...http, scale, ...fields } });
const work = (scale: object, fields: object = {}): object => ({
  web: { kind: "worker", image, scale, ...fields },
});

/** What stands at the edge of what is allowed. */
test.each<[what: string, workloads: object]>([
  [
    "the longest times",
    web({ max: 3, window: { up: "1h", down: "3600s" }, step: { up: { every: "30m" }, down: { every: "1s" } } }),
  ],
  ["bounds that are one", web({ min: 3, max: 3 })],
  ["a fallback to all", web({ min: 1, max: 3, fallback: { replicas: 3 } })],
  ["a fallback to the fewest", web({ min: 2, max: 3, fallback: { replicas: 2 } })],
  ["the shortest cool-down", web({ min: 0, max: 3, on: [{ rps: 5 }, { latency: { p95: "1s" } }], cooldown: "60s" })],
  ["a short cool-down of what never sleeps", web({ min: 1, max: 3, on: [{ latency: { p95: "1s" } }], cooldown: "1s" })],
  ["as many by the clock as there may be", work({ min: 0, max: 2, on: [{ cron }] })],
  [
    "several of those that may be there twice",
    {
      ...work(
        {
          min: 0,
          max: 9,
          on: [
            { cron },
            { cron: { ...cron, end: "0 19 * * *" } },
            trigger,
            trigger,
            { promql: { query: "a", threshold: 1 } },
            { promql: { query: "b", threshold: 1 } },
          ],
        },
        { links: { QUEUE: "queue" } },
      ),
      queue,
    },
  ],
  ["all of them warm", web({ max: 2, coldStart: { minWarm: 2 } })],
  ["some warm that wake by the clock", work({ min: 0, max: 3, on: [{ cron }], coldStart: { minWarm: 1 } })],
  [
    "requests and latency in gRPC",
    web({ min: 1, max: 3, on: [{ rps: 5 }, { latency: { p95: "1s" } }] }, { protocol: "grpc" }),
  ],
  [
    "one that wakes among others that do not",
    web({ min: 0, max: 3, on: [{ cpu: "70%" }, { memory: "70%" }, { concurrency: 5 }] }),
  ],
])("%s is taken", (_, workloads) => {
  const stack = { environment: "dev", domain: "example.com", capabilities };
  expect(resolve([{ name: "shop", workloads }], emptyRelease, stack)).toHaveLength(1);
});
