import { cron, defineApp, folder, generated, service, stateful, worker } from "../../components/app/definition";

/** One Go module with a program for each workload: only those whose program changed get a new image. */
const source = (program: string) => folder("./src", { main: `./cmd/${program}` });

/** An order goes from the page to the api, into the queue, and out of it to a worker; the report sums up. */
export default defineApp({
  name: "shop",
  owner: "team-shop",
  workloads: {
    web: service({
      source: source("web"),
      port: 8080,
      expose: [{ host: "auto" }],
      links: { API: "api" },
      env: { SETTINGS: "/etc/shop/page.json" },
      files: { "/etc/shop/page.json": JSON.stringify({ title: "Petrichor", note: "Plants that like the rain." }) },
      probes: { readiness: { http: "/healthz" } },
    }),
    api: service({
      source: source("api"),
      port: 9000,
      links: { QUEUE: "queue" },
      probes: { readiness: { http: "/readyz" } },
      preDeploy: { migrate: { args: ["migrate", "--to", "2"] } },
    }),
    worker: worker({
      source: source("worker"),
      links: { QUEUE: "queue" },
      env: { PACKING_TIME: "500ms" },
    }),
    queue: stateful({
      source: source("queue"),
      port: 4222,
      ports: { monitor: 8222 },
      connection: { user: "shop", password: generated() },
      env: { STORE: "/data" },
      resources: { memory: "256Mi" },
      volumes: { data: { mount: "/data", size: "1Gi" } },
      probes: { readiness: { http: "/healthz", port: 8222 } },
    }),
    report: cron({
      source: source("report"),
      schedule: "*/5 * * * *",
      timezone: "Europe/Berlin",
      links: { API: "api" },
    }),
  },
});
