import { cron, daemon, job, service, stateful, worker } from "../../components/app/definition";

// Every kind with every field that not all of them have. What is marked does not compile, and would, were the field the kind's own: the
// compiler refuses a mark without an error. It is checked by `npm run typecheck`, runs nowhere, and is kept whole by
// `tests/unit/kinds-compile.test.ts`.

const image = "registry.example.com/shop/web";
const schedule = "0 6 * * *";

service({ image });
service({ image, port: 8080 });
service({ image, protocol: "http" });
service({ image, ports: { metrics: 9090 } });
service({ image, connection: { user: "shop" } });
service({ image, expose: [{ host: "auto" }] });
service({ image, replicas: 2 });
service({ image, scale: { max: 3, on: [{ queue: { link: "QUEUE", name: "orders/web", length: 1 } }] } });
service({ image, probes: { liveness: { exec: ["/app", "check"] } } });
service({ image, preDeploy: { migrate: {} } });
service({ image, postDeploy: { warm: {} } });
service({ image, protect: true });
service({ image, spread: { nodes: "require" } });
service({ image, disruption: { unavailable: 1 } });
service({ image, rollout: { unavailable: 1 } });
// @ts-expect-error no field of a service
service({ image, order: "parallel" });
// @ts-expect-error no field of a service
service({ image, parallelism: 2 });
// @ts-expect-error no field of a service
service({ image, completions: 2 });
// @ts-expect-error no field of a service
service({ image, retries: 1 });
// @ts-expect-error no field of a service
service({ image, deadline: "10m" });
// @ts-expect-error no field of a service
service({ image, keep: "1d" });
// @ts-expect-error no field of a service
service({ image, schedule: "0 6 * * *" });
// @ts-expect-error no field of a service
service({ image, timezone: "Europe/Berlin" });
// @ts-expect-error no field of a service
service({ image, concurrency: "forbid" });
// @ts-expect-error no field of a service
service({ image, startWithin: "10m" });
// @ts-expect-error no field of a service
service({ image, history: { failed: 1 } });
// @ts-expect-error no field of a service
service({ image, suspended: true });

stateful({ image });
stateful({ image, port: 8080 });
stateful({ image, protocol: "http" });
stateful({ image, ports: { metrics: 9090 } });
stateful({ image, connection: { user: "shop" } });
stateful({ image, expose: [{ host: "auto" }] });
stateful({ image, replicas: 2 });
// @ts-expect-error no field of a stateful
stateful({ image, scale: { max: 3, on: [{ queue: { link: "QUEUE", name: "orders/web", length: 1 } }] } });
stateful({ image, probes: { liveness: { exec: ["/app", "check"] } } });
stateful({ image, preDeploy: { migrate: {} } });
stateful({ image, postDeploy: { warm: {} } });
stateful({ image, protect: true });
stateful({ image, spread: { nodes: "require" } });
stateful({ image, disruption: { unavailable: 1 } });
stateful({ image, rollout: { unavailable: 1 } });
stateful({ image, order: "parallel" });
// @ts-expect-error no field of a stateful
stateful({ image, parallelism: 2 });
// @ts-expect-error no field of a stateful
stateful({ image, completions: 2 });
// @ts-expect-error no field of a stateful
stateful({ image, retries: 1 });
// @ts-expect-error no field of a stateful
stateful({ image, deadline: "10m" });
// @ts-expect-error no field of a stateful
stateful({ image, keep: "1d" });
// @ts-expect-error no field of a stateful
stateful({ image, schedule: "0 6 * * *" });
// @ts-expect-error no field of a stateful
stateful({ image, timezone: "Europe/Berlin" });
// @ts-expect-error no field of a stateful
stateful({ image, concurrency: "forbid" });
// @ts-expect-error no field of a stateful
stateful({ image, startWithin: "10m" });
// @ts-expect-error no field of a stateful
stateful({ image, history: { failed: 1 } });
// @ts-expect-error no field of a stateful
stateful({ image, suspended: true });

worker({ image });
// @ts-expect-error no field of a worker
worker({ image, port: 8080 });
// @ts-expect-error no field of a worker
worker({ image, protocol: "http" });
// @ts-expect-error no field of a worker
worker({ image, ports: { metrics: 9090 } });
// @ts-expect-error no field of a worker
worker({ image, connection: { user: "shop" } });
// @ts-expect-error no field of a worker
worker({ image, expose: [{ host: "auto" }] });
worker({ image, replicas: 2 });
worker({ image, scale: { max: 3, on: [{ queue: { link: "QUEUE", name: "orders/web", length: 1 } }] } });
worker({ image, probes: { liveness: { exec: ["/app", "check"] } } });
worker({ image, preDeploy: { migrate: {} } });
worker({ image, postDeploy: { warm: {} } });
worker({ image, protect: true });
worker({ image, spread: { nodes: "require" } });
worker({ image, disruption: { unavailable: 1 } });
worker({ image, rollout: { unavailable: 1 } });
// @ts-expect-error no field of a worker
worker({ image, order: "parallel" });
// @ts-expect-error no field of a worker
worker({ image, parallelism: 2 });
// @ts-expect-error no field of a worker
worker({ image, completions: 2 });
// @ts-expect-error no field of a worker
worker({ image, retries: 1 });
// @ts-expect-error no field of a worker
worker({ image, deadline: "10m" });
// @ts-expect-error no field of a worker
worker({ image, keep: "1d" });
// @ts-expect-error no field of a worker
worker({ image, schedule: "0 6 * * *" });
// @ts-expect-error no field of a worker
worker({ image, timezone: "Europe/Berlin" });
// @ts-expect-error no field of a worker
worker({ image, concurrency: "forbid" });
// @ts-expect-error no field of a worker
worker({ image, startWithin: "10m" });
// @ts-expect-error no field of a worker
worker({ image, history: { failed: 1 } });
// @ts-expect-error no field of a worker
worker({ image, suspended: true });

job({ image });
// @ts-expect-error no field of a job
job({ image, port: 8080 });
// @ts-expect-error no field of a job
job({ image, protocol: "http" });
// @ts-expect-error no field of a job
job({ image, ports: { metrics: 9090 } });
// @ts-expect-error no field of a job
job({ image, connection: { user: "shop" } });
// @ts-expect-error no field of a job
job({ image, expose: [{ host: "auto" }] });
// @ts-expect-error no field of a job
job({ image, replicas: 2 });
job({ image, scale: { max: 3, on: [{ queue: { link: "QUEUE", name: "orders/web", length: 1 } }] } });
// @ts-expect-error no field of a job
job({ image, probes: { liveness: { exec: ["/app", "check"] } } });
// @ts-expect-error no field of a job
job({ image, preDeploy: { migrate: {} } });
// @ts-expect-error no field of a job
job({ image, postDeploy: { warm: {} } });
// @ts-expect-error no field of a job
job({ image, protect: true });
// @ts-expect-error no field of a job
job({ image, spread: { nodes: "require" } });
// @ts-expect-error no field of a job
job({ image, disruption: { unavailable: 1 } });
// @ts-expect-error no field of a job
job({ image, rollout: { unavailable: 1 } });
// @ts-expect-error no field of a job
job({ image, order: "parallel" });
job({ image, parallelism: 2 });
job({ image, completions: 2 });
job({ image, retries: 1 });
job({ image, deadline: "10m" });
job({ image, keep: "1d" });
// @ts-expect-error no field of a job
job({ image, schedule: "0 6 * * *" });
// @ts-expect-error no field of a job
job({ image, timezone: "Europe/Berlin" });
// @ts-expect-error no field of a job
job({ image, concurrency: "forbid" });
// @ts-expect-error no field of a job
job({ image, startWithin: "10m" });
// @ts-expect-error no field of a job
job({ image, history: { failed: 1 } });
// @ts-expect-error no field of a job
job({ image, suspended: true });

cron({ image, schedule });
// @ts-expect-error no field of a cron
cron({ image, schedule, port: 8080 });
// @ts-expect-error no field of a cron
cron({ image, schedule, protocol: "http" });
// @ts-expect-error no field of a cron
cron({ image, schedule, ports: { metrics: 9090 } });
// @ts-expect-error no field of a cron
cron({ image, schedule, connection: { user: "shop" } });
// @ts-expect-error no field of a cron
cron({ image, schedule, expose: [{ host: "auto" }] });
// @ts-expect-error no field of a cron
cron({ image, schedule, replicas: 2 });
// @ts-expect-error no field of a cron
cron({ image, schedule, scale: { max: 3, on: [{ queue: { link: "QUEUE", name: "orders/web", length: 1 } }] } });
// @ts-expect-error no field of a cron
cron({ image, schedule, probes: { liveness: { exec: ["/app", "check"] } } });
// @ts-expect-error no field of a cron
cron({ image, schedule, preDeploy: { migrate: {} } });
// @ts-expect-error no field of a cron
cron({ image, schedule, postDeploy: { warm: {} } });
// @ts-expect-error no field of a cron
cron({ image, schedule, protect: true });
// @ts-expect-error no field of a cron
cron({ image, schedule, spread: { nodes: "require" } });
// @ts-expect-error no field of a cron
cron({ image, schedule, disruption: { unavailable: 1 } });
// @ts-expect-error no field of a cron
cron({ image, schedule, rollout: { unavailable: 1 } });
// @ts-expect-error no field of a cron
cron({ image, schedule, order: "parallel" });
cron({ image, schedule, parallelism: 2 });
cron({ image, schedule, completions: 2 });
cron({ image, schedule, retries: 1 });
cron({ image, schedule, deadline: "10m" });
cron({ image, schedule, keep: "1d" });
cron({ image, schedule: "0 6 * * *" });
cron({ image, schedule, timezone: "Europe/Berlin" });
cron({ image, schedule, concurrency: "forbid" });
cron({ image, schedule, startWithin: "10m" });
cron({ image, schedule, history: { failed: 1 } });
cron({ image, schedule, suspended: true });

daemon({ image });
daemon({ image, port: 8080 });
daemon({ image, protocol: "http" });
daemon({ image, ports: { metrics: 9090 } });
daemon({ image, connection: { user: "shop" } });
// @ts-expect-error no field of a daemon
daemon({ image, expose: [{ host: "auto" }] });
// @ts-expect-error no field of a daemon
daemon({ image, replicas: 2 });
// @ts-expect-error no field of a daemon
daemon({ image, scale: { max: 3, on: [{ queue: { link: "QUEUE", name: "orders/web", length: 1 } }] } });
daemon({ image, probes: { liveness: { exec: ["/app", "check"] } } });
daemon({ image, preDeploy: { migrate: {} } });
daemon({ image, postDeploy: { warm: {} } });
daemon({ image, protect: true });
// @ts-expect-error no field of a daemon
daemon({ image, spread: { nodes: "require" } });
// @ts-expect-error no field of a daemon
daemon({ image, disruption: { unavailable: 1 } });
daemon({ image, rollout: { unavailable: 1 } });
// @ts-expect-error no field of a daemon
daemon({ image, order: "parallel" });
// @ts-expect-error no field of a daemon
daemon({ image, parallelism: 2 });
// @ts-expect-error no field of a daemon
daemon({ image, completions: 2 });
// @ts-expect-error no field of a daemon
daemon({ image, retries: 1 });
// @ts-expect-error no field of a daemon
daemon({ image, deadline: "10m" });
// @ts-expect-error no field of a daemon
daemon({ image, keep: "1d" });
// @ts-expect-error no field of a daemon
daemon({ image, schedule: "0 6 * * *" });
// @ts-expect-error no field of a daemon
daemon({ image, timezone: "Europe/Berlin" });
// @ts-expect-error no field of a daemon
daemon({ image, concurrency: "forbid" });
// @ts-expect-error no field of a daemon
daemon({ image, startWithin: "10m" });
// @ts-expect-error no field of a daemon
daemon({ image, history: { failed: 1 } });
// @ts-expect-error no field of a daemon
daemon({ image, suspended: true });
