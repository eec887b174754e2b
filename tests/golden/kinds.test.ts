import path from "node:path";
import { stringify } from "yaml";
import { appObjects } from "../../components/app/objects/app";
import { expectGolden } from "../support/golden";
import { facts, image, resolve } from "../support/apps";

/** One app for each kind of workload, with every field that changes what is rendered. */
const examples: Readonly<Record<string, object>> = {
  smallest: { name: "smallest", workloads: { web: { kind: "service", image } } },
  service: {
    name: "service",
    owner: "team-shop",
    workloads: {
      web: {
        kind: "service",
        image,
        port: 8080,
        ports: { metrics: 9090 },
        expose: [{ host: "auto" }, { host: "shop.dev.example.com", path: "/api" }],
        env: { LEVEL: "info", KEY: { secret: "keys", key: "api" }, NODE: { field: "node.name" } },
        files: { "/etc/app/app.conf": "workers = 4\n" },
        links: { API: "api" },
        egress: ["internet", { cidr: "10.20.0.0/16", ports: [443] }],
        probes: { readiness: { http: "/ready" }, liveness: { http: "/live", period: "20s" } },
        preDeploy: { migrate: { args: ["migrate"] } },
        sidecars: { proxy: { image, args: ["--listen"] } },
        init: { fetch: { args: ["fetch"] } },
        scale: { min: 2, max: 6, on: [{ cpu: "70%" }] },
      },
      api: {
        kind: "service",
        image,
        port: 9000,
        protocol: "grpc",
        replicas: 1,
        connection: { user: "shop", password: { generate: {} } },
      },
    },
  },
  secrets: {
    specVersion: 1,
    name: "secrets",
    workloads: {
      web: {
        kind: "service",
        image,
        port: 8080,
        env: {
          CLUSTER: { secret: "shop-keys", key: "api" },
          STORE: { store: "vault", path: "shop/stripe", property: "key" },
          CONFIG: { config: "shop:stripeKey" },
          MADE: { generate: { length: 40 } },
        },
        files: {
          "/etc/app/cluster.pem": { secret: "shop-tls", key: "tls.crt" },
          "/etc/app/store.json": { store: "vault", path: "shop/settings" },
          "/etc/app/made": { generate: {} },
        },
        volumes: { keys: { mount: "/keys", secret: "shop-keys" }, rules: { mount: "/rules", config: "shop-rules" } },
      },
    },
  },
  placement: {
    name: "placement",
    workloads: {
      web: {
        kind: "service",
        image,
        port: 8080,
        replicas: 3,
        identity: {
          aws: "arn:aws:iam::123456789012:role/shop-web",
          azure: "01234567-89ab-cdef-0123-456789abcdef",
        },
        architecture: ["arm64"],
        spread: { zones: "require", nodes: "off" },
        disruption: { available: "50%" },
        rollout: { surge: 1, unavailable: "10%", settle: "15s", deadline: "5m", paused: true },
        stop: { grace: "1m", delay: "10s" },
        user: 1000,
        serviceAccount: { token: true },
        transform: {
          Deployment: [
            { op: "add", path: "/spec/template/spec/hostAliases", value: [{ ip: "10.0.0.1", hostnames: ["db"] }] },
          ],
          Service: (service: { metadata: { annotations?: object } }) => {
            service.metadata.annotations = { "example.com/tier": "gold" };
          },
        },
      },
    },
  },
  stateful: {
    name: "stateful",
    protect: true,
    workloads: {
      db: {
        kind: "stateful",
        image,
        port: 5432,
        replicas: 3,
        order: "parallel",
        volumes: { data: { mount: "/data", size: "20Gi", backup: { schedule: "0 2 * * *" } } },
      },
    },
  },
  batch: {
    name: "batch",
    workloads: {
      import: { kind: "job", image, parallelism: 2, completions: 4, retries: 1 },
      report: { kind: "cron", image, schedule: "0 6 * * 1-5", timezone: "Europe/Berlin" },
      work: { kind: "worker", image, replicas: 2, stop: { grace: "2m" } },
      agent: { kind: "daemon", image, port: 9100 },
    },
  },
};

test.each(Object.keys(examples))("the objects of the example %s", (name) => {
  const [model] = resolve([examples[name]]);
  if (model === undefined) throw new Error("nothing was resolved");
  const yaml = appObjects(model, facts).map((object) =>
    stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }),
  );
  expectGolden(path.join(__dirname, "apps", `${name}.yaml`), yaml.join("---\n"));
});
