import type { Tree } from "../../../components/app/model/layers";

/** Images that the apps of this test run, by name. */
export interface Images {
  readonly target: string;
  readonly queue: string;
  readonly worker: string;
  readonly api: string;
}

/** A host of two workloads, on a cluster that is named `scaling`. */
export const sharedHost = "shared.scaling.localhost";

const small = { cpu: "10m", memory: "32Mi" };
const quick = { cooldown: "5s", window: { down: "0s" } };

/** Workloads that scale on requests, each with what it is to prove. */
export function requestApp({ target }: Images, version = "1"): Tree {
  const service = {
    kind: "service",
    image: target,
    port: 8080,
    resources: small,
    env: { VERSION: version },
    stop: { delay: "2s" },
  };
  const exposed = { ...service, expose: [{ host: "auto" }] };
  const sleeping = { min: 0, max: 8, on: [{ concurrency: 5 }], ...quick };
  return {
    name: "requests",
    workloads: {
      hello: { ...exposed, scale: sleeping },
      calls: { ...exposed, protocol: "grpc", scale: sleeping },
      page: { ...exposed, scale: { ...sleeping, coldStart: { placeholder: { status: 200, body: "one moment" } } } },
      inside: { ...service, env: { VERSION: "from inside" }, scale: sleeping },
      left: { ...exposed, env: { VERSION: "left" }, expose: [{ host: sharedHost }], scale: sleeping },
      right: {
        ...exposed,
        ports: { other: 8081 },
        env: { OTHER_PORT: "8081" },
        expose: [
          { host: sharedHost, path: "/right", port: "other", routes: [{ rewrite: { host: "elsewhere.example.com" } }] },
        ],
        scale: sleeping,
      },
      caller: { ...exposed, replicas: 1, links: { OTHER: { to: "inside", wait: false } } },
      // What is seen of a load for a moment takes no replica away, so their numbers only rise while it does.
      rated: { ...exposed, scale: { min: 1, max: 8, on: [{ rps: 5 }], window: { down: "30s" } } },
    },
  };
}

/** Workloads that scale on everything else; what is measured by a query may change. */
export function otherApp({ target, queue, worker, api }: Images, { measured = "vector(6)" } = {}): Tree {
  const service = { kind: "service", image: target, port: 8080, resources: small };
  const idle = { kind: "worker", image: target, env: { PORT: "8080" }, resources: small };
  const queueLink = { QUEUE: { to: "queue", wait: false } };
  return {
    name: "others",
    workloads: {
      slow: {
        ...service,
        env: { DELAY: "300ms" },
        expose: [{ host: "auto" }],
        scale: { min: 1, max: 8, on: [{ latency: { p95: "100ms" } }], ...quick },
      },
      crowded: {
        ...service,
        env: { DELAY: "80ms", ONE_BY_ONE: "yes" },
        expose: [{ host: "auto" }],
        scale: { min: 1, max: 8, on: [{ latency: { p95: "400ms" } }], ...quick },
      },
      busy: { ...service, expose: [{ host: "auto" }], scale: { min: 1, max: 8, on: [{ cpu: "50%" }], ...quick } },
      clock: {
        ...idle,
        scale: {
          ...quick,
          min: 0,
          max: 8,
          on: [{ cron: { start: "0-58/2 * * * *", end: "1-59/2 * * * *", timezone: "Etc/UTC", replicas: 2 } }],
        },
      },
      measured: {
        ...idle,
        scale: {
          ...quick,
          min: 0,
          max: 8,
          on: [{ promql: { query: measured, threshold: 2 } }],
          fallback: { after: 1 },
        },
      },
      queue: {
        kind: "stateful",
        image: queue,
        port: 4222,
        ports: { monitor: 8222 },
        connection: { user: "others", password: "others" },
        env: { STORE: "/data" },
        volumes: { data: { mount: "/data", scratch: "64Mi" } },
        resources: { memory: "128Mi" },
        probes: { readiness: { http: "/healthz", port: 8222 } },
      },
      api: {
        ...service,
        image: api,
        port: 9000,
        expose: [{ host: "auto" }],
        replicas: 1,
        links: queueLink,
        probes: { readiness: { http: "/readyz" } },
        preDeploy: { migrate: { args: ["migrate", "--to", "2"], retries: 5 } },
      },
      run: {
        kind: "job",
        image: target,
        env: { ONCE: "yes" },
        links: queueLink,
        resources: small,
        scale: { max: 2, every: "2s", on: [{ queue: { link: "QUEUE", name: "orders/packing", length: 20 } }] },
      },
      worker: {
        kind: "worker",
        image: worker,
        links: queueLink,
        env: { PACKING_TIME: "1s" },
        resources: small,
        scale: { ...quick, min: 0, max: 8, on: [{ queue: { link: "QUEUE", name: "orders/packing", length: 8 } }] },
      },
    },
  };
}

/** An app of one service, which changes from version to version. */
export function changingApp({ target }: Images, fields: Tree): Tree {
  const service = { kind: "service", image: target, port: 8080, resources: small, expose: [{ host: "auto" }] };
  return { name: "changing", workloads: { web: { ...service, ...fields } } };
}

/** How a service sleeps in these tests. */
export const sleepy = { min: 0, max: 8, on: [{ concurrency: 5 }], ...quick };

/** One service that sleeps as soon as nobody asks. */
export function coldApp({ target }: Pick<Images, "target">): Tree {
  const service = { kind: "service", image: target, port: 8080, resources: small, expose: [{ host: "auto" }] };
  return {
    name: "cold",
    workloads: { web: { ...service, stop: { delay: "0s" }, scale: { ...sleepy, cooldown: "1s" } } },
  };
}

/** One service that always has a replica, and one for each so many requests a second. */
export function ratedApp({ target }: Pick<Images, "target">, rps: number): Tree {
  const service = { kind: "service", image: target, port: 8080, resources: small, expose: [{ host: "auto" }] };
  return { name: "rated", workloads: { web: { ...service, scale: { min: 1, max: 8, on: [{ rps }] } } } };
}
