import type { Release } from "../../../components/app/release";
import { image } from "../apps";

export const service = (more: object = {}): object => ({ kind: "service", image, port: 8080, ...more });
export const exposed = (...expose: object[]): object => service({ expose });
const source = { folder: "./src" };
const built = (fields: object = { source }): object => ({ kind: "service", port: 80, ...fields });
const data = (volume: object): object => ({ kind: "worker", image, volumes: { data: { mount: "/data", ...volume } } });
const cron = (schedule: string, timezone = "Europe/Berlin"): object => ({ kind: "cron", image, schedule, timezone });
const byClock = (times: object): object => ({
  kind: "worker",
  image,
  scale: {
    max: 9,
    on: [{ cpu: "70%" }, { cron: { start: "0 8 * * *", end: "0 9 * * *", timezone: "UTC", replicas: 1, ...times } }],
  },
});

interface Stack {
  readonly [field: string]: unknown;
}
const onQueue = { queue: { link: "Q", name: "orders/work", length: 1 } };
const waiting = { kind: "worker", image, links: { Q: "queue" }, scale: { max: 3, on: [onQueue] } };

/** What it is about, the workloads of an app named `shop`, and what is special about the stack and its release. */
export type Case = readonly [
  what: string,
  workloads: Readonly<Record<string, object>>,
  stack?: Stack,
  release?: Release["apps"],
];

const pool = { ports: { first: 30_000, last: 30_009 } };
const domains = { domains: ["example.org", "example.net"] };

/** What fields say together, at the edge of what is allowed. */
export const cases: readonly Case[] = [
  ["an image and a source", { web: service({ source }) }],
  ["neither", { web: built({}) }],
  ["a tag", { web: service({ image: "registry.example.com/web:1" }) }],
  [
    "a tag that the release pins",
    { web: service({ image: "registry.example.com/web:1" }) },
    {},
    { shop: { web: { image } } },
  ],
  ["a release of another workload", { web: built() }, {}, { shop: { api: { image } } }],
  ["a release without an image", { web: built() }, {}, { shop: { web: {} } }],
  ["a source that the release has", { web: built() }, {}, { shop: { web: { image } } }],
  ["a source that this environment builds", { web: built() }, { builds: true }],
  ["a source of a kind that nothing builds", { web: built({ source: { git: "https://git.example.com/a.git" } }) }],

  ["a port twice, by name and number", { web: service({ ports: { a: 1, b: 1, http: 2 } }) }],
  ["a port for both transports", { web: service({ ports: { dns: 53, "dns-udp": { port: 53, protocol: "udp" } } }) }],
  ["UDP twice", { web: service({ protocol: "udp", ports: { dns: { port: 8080, protocol: "udp" } } }) }],
  ["an address without a port", { web: { kind: "service", image, expose: [{ host: "auto" }] } }],
  [
    "an address with a port that is not there",
    { web: { kind: "service", image, expose: [{ host: "auto", port: 80 }] } },
  ],
  [
    "addresses by name and number",
    {
      web: service({
        ports: { a: 1, b: 2 },
        expose: [
          { host: "auto", port: 9 },
          { l4: 30_000, port: "c" },
          { l4: 30_001, port: "a" },
          { l4: 30_002, port: 2 },
        ],
      }),
    },
  ],

  ["the domain itself", { web: exposed({ host: "dev.example.com" }) }],
  ["an end that is no label", { web: exposed({ host: "mydev.example.com" }) }],
  ["a further domain itself", { web: exposed({ host: "example.org", certificate: "a" }) }, domains],
  ["below the second further domain", { web: exposed({ host: "a.example.net", certificate: "a" }) }, domains],
  ["below no domain", { web: exposed({ host: "a.example.com" }) }, domains],
  ["two labels below", { web: exposed({ host: "a.b.dev.example.com" }) }],
  [
    "two labels below, with a certificate of its own",
    { web: exposed({ host: "a.b.dev.example.com", certificate: "a" }) },
  ],
  [
    "two labels below, where certificates are made",
    { web: exposed({ host: "a.b.dev.example.com" }) },
    { capabilities: { gateway: true, certificates: true } },
  ],
  [
    "two labels below, where none are made",
    { web: exposed({ host: "a.b.dev.example.com" }) },
    { capabilities: { gateway: true } },
  ],
  ["the ends of the pool", { web: exposed({ l4: 30_000 }, { l4: 30_009 }) }, pool],
  ["one below the pool", { web: exposed({ l4: 29_999 }) }, pool],
  ["one above the pool", { web: exposed({ l4: 30_010 }) }, pool],
  ["automatic ports in a pool", { web: exposed({ l4: "auto" }) }, pool],
  [
    "automatic ports that were given once",
    { a: exposed({ l4: "auto" }), b: exposed({ l4: "auto" }) },
    {},
    { shop: { a: { ports: { http: 30_000 } }, b: { ports: { http: 30_000 } } } },
  ],
  ["automatic ports that were not given", { a: exposed({ l4: "auto" }), b: exposed({ l4: "auto" }) }],
  ["one port for TCP and UDP", { web: exposed({ l4: 30_000 }, { l4: 30_000, protocol: "udp" }) }],
  ["one host with several paths", { web: exposed({ host: "auto" }, { host: "auto", path: "/api" }) }],
  [
    "a host of two workloads",
    {
      a: exposed({ host: "a.dev.example.com" }),
      b: exposed({ host: "a.dev.example.com" }),
      c: exposed({ host: "a.dev.example.com" }),
    },
  ],

  [
    "links to nowhere",
    { web: service({ links: { A: "apj", B: "shop/apj", C: "bank/pay", D: { to: "nobody-at-all" } } }), api: service() },
  ],
  [
    "links to what listens on nothing",
    {
      web: service({ links: { A: "set", B: { to: "work" } } }),
      set: { kind: "stateful", image },
      work: { kind: "worker", image },
    },
  ],
  [
    "links to ports",
    {
      web: service({
        links: { A: { to: "api", port: "a" }, B: { to: "api", port: "c" }, C: { to: "api", port: "http" } },
      }),
      api: service({ ports: { a: 1, b: 2 } }),
    },
  ],
  ["a link to a daemon", { web: service({ links: { A: "agent" } }), agent: { kind: "daemon", image, port: 1 } }],
  [
    "two circles",
    {
      a: service({ links: { B: "b" } }),
      b: service({ links: { A: "a", C: "c" } }),
      c: service({ links: { B: "b", D: "d" } }),
      d: service(),
    },
  ],
  [
    "a way that leads to a circle",
    { a: service({ links: { B: "b" } }), b: service({ links: { C: "c" } }), c: service({ links: { B: "b" } }) },
  ],
  [
    "two ways to one",
    {
      a: service({ links: { B: "b", C: "c" } }),
      b: service({ links: { D: "d" } }),
      c: service({ links: { D: "d" } }),
      d: service(),
    },
  ],

  [
    "times of every kind",
    {
      good: cron("0 6 * * 1-5", "UTC"),
      bad: cron("0 6 * * 8", "Berlin"),
      clock: byClock({ start: "60 8 * * *", end: "0 24 * * *", timezone: "Local" }),
      fine: byClock({}),
    },
  ],
  [
    "backups",
    {
      good: data({ size: "1Gi", backup: { schedule: "0 2 * * *" } }),
      bad: data({ size: "1Gi", backup: { schedule: "0 2 32 * *" } }),
      none: data({ size: "1Gi" }),
      scratch: data({ scratch: "1Gi" }),
    },
  ],
  ["a queue that is not there", { work: waiting }],
  ["a queue that listens on nothing", { work: waiting, queue: { kind: "worker", image } }],
];
