import * as fc from "fast-check";
import { image, refused } from "./apps";

export const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const port = fc.integer({ min: 1, max: 65_535 });
export const size = fc
  .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom("Mi", "Gi"))
  .map(([count, unit]) => `${count}${unit}`);
const duration = fc
  .tuple(fc.integer({ min: 1, max: 59 }), fc.constantFrom("s", "m"))
  .map(([count, unit]) => `${count}${unit}`);
/** Plain environment variables. */
export const variables = fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,15}$/), fc.string(), { maxKeys: 4 });

const pod = fc.record(
  {
    env: fc.oneof(
      variables,
      fc.constant({ KEY: { generate: {} }, NODE: { field: "node.name" }, API: { secret: "keys", key: "a" } }),
    ),
    init: fc.constant({ fetch: { args: ["fetch"] } }),
    sidecars: fc.constant({ proxy: { image, probes: { readiness: { tcp: true, port: 1080 } } } }),
    egress: fc.constantFrom(["internet"], [{ cidr: "10.20.0.0/16", ports: [443] }], [{ cidr: "2001:db8::/32" }]),
    architecture: fc.constantFrom(["amd64"], ["amd64", "arm64"]),
    serviceAccount: fc.record({ token: fc.boolean() }),
    args: fc.array(fc.string(), { maxLength: 3 }),
    resources: fc.record({ cpu: fc.constantFrom("50m", "1", "0.25"), memory: size }),
    stop: fc.record({ grace: duration }),
    user: fc.integer({ min: 1, max: 65_535 }),
    files: fc.dictionary(fc.stringMatching(/^\/[a-z]{1,8}(\/[a-z.]{1,8}[a-z])?$/), fc.string(), { maxKeys: 3 }),
  },
  { requiredKeys: [] },
);
/** What makes a workload one of its kind. */
export const kinds = fc.oneof(
  fc.record({ kind: fc.constant("service"), port, replicas: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant("service"), port, expose: fc.constant([{ host: "auto" }]) }),
  fc.record({
    kind: fc.constant("service"),
    port,
    probes: fc.constantFrom(
      { readiness: { http: "/ready" } },
      { readiness: { grpc: true } },
      { liveness: { exec: ["/well"] } },
    ),
    preDeploy: fc.constant({ migrate: { args: ["migrate"] } }),
    postDeploy: fc.constant({ smoke: { retries: 1 } }),
    connection: fc.constant({ user: "one", password: { generate: {} } }),
    spread: fc.record({ zones: fc.constantFrom("prefer", "require", "off"), nodes: fc.constantFrom("prefer", "off") }),
    disruption: fc.constantFrom<unknown>(false, { available: "50%" }, { unavailable: 2 }),
  }),
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
/** An app that resolves. */
export const app = fc
  .record({ name, workloads: fc.dictionary(name, workload, { minKeys: 1, maxKeys: 4 }) })
  .filter((written) => refused(written).length === 0);
