import path from "node:path";
import { stringify } from "yaml";
import type { Capabilities } from "../../components/app/model/capabilities";
import { emptyRelease, type Release } from "../../components/app/release";
import type { AppModel, ScaleModel } from "../../components/app/model/types";
import { image, resolve } from "../support/apps";
import { expectGolden } from "../support/golden";

// What becomes of every field of an app before anything is rendered. Maps are written in an order that is not the alphabet's on purpose.

const everything: Capabilities = {
  gateway: true,
  autoscaling: true,
  buffering: { namespace: "requests", port: 8080 },
  measurements: true,
  certificates: true,
};

const release: Release = {
  ...emptyRelease,
  apps: { shop: { site: { image: `registry.example.com/shop/site@sha256:${"b".repeat(64)}`, ports: { udp: 30_001 } } } },
};

const resources = { cpu: "250m", memory: "256Mi", cpuLimit: "1", memoryLimit: "512Mi" };

const pod = {
  command: ["/app"],
  args: ["serve"],
  env: {
    ZONE: { field: "node.name" },
    IP: { field: "pod.ip" },
    SPACE: { field: "pod.namespace" },
    NAME: { field: "pod.name" },
    STORED: { store: "vault", path: "shop/key", property: "api" },
    SET: { config: "shop:key" },
    MADE: { generate: { length: 20 } },
    KEY: { secret: "keys", key: "api" },
    DEFAULT: { generate: {} },
    LEVEL: "info",
  },
  files: {
    "/etc/app/b c.conf": "two\n",
    "/etc/app/a.conf": { config: "shop:file" },
    "/etc/app/c": { secret: "keys", key: "file" },
  },
  volumes: {
    work: { mount: "/work", scratch: "1Gi", medium: "memory" },
    space: { mount: "/space", scratch: "2Gi" },
    keys: { mount: "/keys", secret: "keys" },
    conf: { mount: "/conf", config: "conf" },
    data: { mount: "/data", size: "10Gi", class: "fast", access: "many-nodes", retain: false },
    plain: { mount: "/plain", size: "5Gi", backup: { schedule: "0 2 * * *" } },
    kept: { mount: "/kept", size: "5Gi", backup: { schedule: "0 3 * * *", keep: "7d" } },
  },
  init: {
    fetch: {
      image,
      command: ["/fetch"],
      args: ["a"],
      env: { B: "b", A: { generate: {} } },
      resources: { cpu: "10m", memory: "32Mi" },
    },
    bare: {},
  },
  sidecars: {
    proxy: {
      image,
      command: ["/proxy"],
      args: ["b"],
      env: { A: { store: "vault", path: "proxy" } },
      resources: { memory: "48Mi", cpuLimit: "100m" },
      probes: { readiness: { http: "/ok", port: 9999 }, liveness: { tcp: true } },
    },
    bare: {},
  },
  egress: ["internet"],
  stop: { grace: "2m", delay: "10s" },
  user: 1000,
  identity: { azure: "00000000-0000-4000-8000-000000000000" },
  architecture: ["arm64"],
};

const conduct = {
  window: { up: "10s", down: "2m" },
  step: { up: { replicas: 2, every: "30s" }, down: { percent: 20, every: "1m" } },
  cooldown: "5m",
  tolerance: "20%",
  fallback: { replicas: 3, after: 5 },
};

const service = { kind: "service", image, port: 8080 };

const shop = {
  name: "shop",
  owner: "team-shop",
  protect: true,
  workloads: {
    web: {
      ...service,
      ...pod,
      ports: { "z-admin": { port: 9090, protocol: "http" }, metrics: 9091, plain: { port: 9092 } },
      connection: { user: "shop", password: { generate: {} }, token: { generate: { length: 64 } } },
      links: {
        Q: "queue",
        API: { to: "api", port: "admin", wait: false },
        BANK: "bank/pay",
        BOOK: "shop/api",
        DB: "db",
      },
      expose: [
        { host: "auto" },
        {
          host: "shop.dev.example.com",
          path: "/api",
          port: "z-admin",
          certificate: "cert",
          clientCertificates: { authority: "ca" },
          traffic: { timeout: "2s" },
          routes: [
            { path: "/v2", to: { site: 90, web: 10 } },
            { path: { exact: "/v3" }, to: "site", method: "GET" },
            { answer: { status: 404 } },
          ],
        },
        { l4: 30_000, port: "metrics", allow: ["203.0.113.0/24"], connections: 10 },
      ],
      scale: {
        ...conduct,
        min: 0,
        max: 9,
        on: [{ concurrency: 20 }, { queue: { link: "Q", name: "orders/web", length: 5 } }],
        coldStart: { budget: "30s", fallback: "api", minWarm: 2 },
      },
      probes: {
        startup: { http: "/start", period: "2s", timeout: "3s", failures: 9, delay: "4s" },
        readiness: { exec: ["/ready"] },
        liveness: { grpc: "shop.Health", port: 9090 },
      },
      preDeploy: {
        migrate: {
          image,
          command: ["/migrate"],
          args: ["up"],
          env: { LEVEL: "debug", TOKEN: { generate: {} } },
          resources: { memory: "64Mi" },
          retries: 3,
          deadline: "1m",
        },
        bare: {},
      },
      postDeploy: { warm: { args: ["warm"] } },
      serviceAccount: { name: "robot", token: true },
      spread: { zones: "require", nodes: "off" },
      disruption: { available: 2 },
      rollout: { strategy: "recreate", settle: "10s", deadline: "5m", paused: true },
    },
    api: {
      ...service,
      protocol: "grpc",
      ports: { admin: 9000 },
      command: ["/api"],
      resources,
      expose: [{ host: "auto" }],
      links: { ME: { to: "api", wait: false } },
      probes: { readiness: { grpc: true } },
      preDeploy: { migrate: {} },
      scale: { coldStart: { placeholder: { status: 200, body: "wait" } } },
    },
    site: {
      kind: "service",
      image: "registry.example.com/shop/site:1",
      port: 53,
      protocol: "udp",
      ports: { dns: 53 },
      volumes: { tmp: { mount: "/tmp", scratch: "1Mi" } },
      expose: [{ l4: "auto" }, { l4: 30_002, protocol: "tcp", port: "dns" }],
      replicas: 3,
      probes: { readiness: false },
      disruption: false,
    },
    work: {
      kind: "worker",
      image,
      links: { Q: "queue" },
      scale: { min: 1, max: 4, on: [{ queue: { link: "Q", name: "orders/work", length: 1 } }] },
      probes: { liveness: { exec: ["/alive"] }, readiness: { tcp: true } },
    },
    alone: { kind: "worker", image, replicas: 1, volumes: { temp: { mount: "/tmp", size: "1Gi" } } },
    queue: {
      kind: "stateful",
      image,
      port: 4222,
      ports: { monitor: 8222 },
      replicas: 3,
      order: "parallel",
      volumes: { data: { mount: "/data", size: "20Gi" } },
      rollout: { partition: 1, settle: "20s" },
      probes: { readiness: { http: "/healthz", port: 8222 }, liveness: false },
    },
    db: { kind: "stateful", image, port: 5432, connection: { password: { generate: {} }, user: "db" } },
    import: { kind: "job", image, parallelism: 2, completions: 4, retries: 1, deadline: "5m", keep: "1h" },
    bill: {
      kind: "job",
      image,
      parallelism: 3,
      links: { Q: "queue" },
      scale: { max: 4, every: "30s", on: [{ queue: { link: "Q", name: "orders/bill", length: 1 } }] },
    },
    report: {
      kind: "cron",
      image,
      schedule: "0 6 * * 1-5",
      timezone: "Europe/Berlin",
      concurrency: "replace",
      startWithin: "1m",
      history: { succeeded: 1, failed: 2 },
      suspended: true,
      parallelism: 2,
    },
    agent: { kind: "daemon", image, port: 9100, volumes: { data: { mount: "/data", size: "1Gi" } }, rollout: { settle: "5s" } },
  },
};

const bank = {
  name: "bank",
  quota: { cpu: "3", memory: "3Gi", storage: "3Gi", pods: 3 },
  workloads: {
    pay: {
      ...service,
      connection: { user: "bank", password: { generate: { length: 40 } } },
      probes: { readiness: { tcp: true, period: "9s" } },
      links: { SHOP: { to: "shop/web", wait: false }, OWN: "own" },
    },
    own: { ...service, scale: { ...conduct, max: 5 } },
  },
};

const small = { name: "small", workloads: { web: { kind: "worker", image, resources: { cpu: "10m", memory: "16Mi" } } } };

const web = { ...service, expose: [{ host: "auto" }] };

/** Workloads that say little of how they scale, and what follows from the rest. */
const scaling = {
  name: "scaling",
  workloads: {
    exposed: web,
    "exposed-grpc": { ...web, protocol: "grpc" },
    "exposed-tcp": { ...web, protocol: "tcp", expose: [{ l4: 30_010 }] },
    "exposed-both-ways": { ...web, expose: [{ host: "auto" }, { l4: 30_011 }] },
    "exposed-max": { ...web, scale: { max: 3 } },
    "exposed-min": { ...web, scale: { min: 2 } },
    "exposed-min-max": { ...web, scale: { min: 2, max: 2 } },
    "exposed-none": { ...web, scale: { min: 0 } },
    "exposed-cpu": { ...web, scale: { on: [{ cpu: "50%" }] } },
    "exposed-memory": { ...web, scale: { on: [{ memory: "50%" }], max: 4 } },
    "exposed-latency": { ...web, scale: { on: [{ latency: { p95: "250ms" } }], max: 4 } },
    "exposed-rps": { ...web, scale: { on: [{ rps: 5 }] } },
    "exposed-some": { ...web, scale: { on: [{ cpu: "50%" }, { rps: 5 }] } },
    "exposed-data": { ...web, volumes: { data: { mount: "/data", size: "1Gi" } } },
    "exposed-scratch": { ...web, volumes: { data: { mount: "/data", scratch: "1Gi" } } },
    hidden: service,
    "hidden-max": { ...service, scale: { max: 5 } },
    "hidden-min": { ...service, scale: { min: 5 } },
    "hidden-sleeping": { ...service, scale: { min: 0, max: 5 } },
    "hidden-sleeping-tcp": { ...service, protocol: "tcp", scale: { min: 0, max: 5, on: [{ promql: { query: "q", threshold: 1 } }] } },
    fixed: { ...service, replicas: 0 },
    "one-step": { ...service, scale: { step: { up: { every: "1m" }, down: { replicas: 1, percent: 10 } } } },
    calls: {
      kind: "worker",
      image,
      scale: { max: 2 },
      links: { E: "exposed", H: "hidden", F: { to: "fixed" }, T: "exposed-tcp", R: "exposed-rps" },
    },
  },
};

test("what apps come to", () => {
  expectModel("shop", resolved([shop, bank, small], { capabilities: everything }));
});

test.each<[name: string, stack: object]>([
  ["everything", { capabilities: everything }],
  ["plain", { capabilities: { gateway: true } }],
  ["floor", { capabilities: everything, floor: 2 }],
])("how workloads scale that say little of it, on a stack with %s", (name, stack) => {
  const [model] = resolved([scaling], stack);
  const workloads = model?.workloads ?? [];
  const calls = workloads.find((workload) => workload.name === "calls");
  expectModel(`scaling-${name}`, {
    scale: Object.fromEntries(workloads.map((one) => [one.name, "scale" in one ? boundsOf(one.scale) : {}])),
    calls: calls?.calls,
    env: calls?.container.env,
  });
});

function resolved(definitions: readonly object[], stack: object): readonly AppModel[] {
  return resolve(definitions, release, { environment: "dev", domain: "dev.example.com", ...stack });
}

/** How replicas move between the bounds is the same for all of them, but for the steps. */
function boundsOf({ min, max, on, step, fallback }: Partial<ScaleModel> = {}): object {
  return { min, max, on, step, fallback };
}

function expectModel(name: string, model: unknown): void {
  const text = stringify(model, { lineWidth: 0, aliasDuplicateObjects: false, keepUndefined: true });
  expectGolden(path.join(__dirname, "models", `${name}.yaml`), text);
}
