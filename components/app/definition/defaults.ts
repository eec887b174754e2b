import type { Cpu, Size, WholeDuration } from "../../kube/units";
import type { Probe } from "./container";

const pod = {
  args: [] as string[],
  env: {},
  files: {},
  volumes: {},
  init: {},
  sidecars: {},
  links: {},
  egress: [],
  // Small enough that a hundred apps fit a test cluster, large enough that a Go or Node.js service starts.
  resources: { cpu: "50m" as Cpu, memory: "128Mi" as Size },
  // The user `nonroot` of distroless and buildpack run images.
  user: 65_532,
  identity: {},
  serviceAccount: { token: false },
  transform: {},
};
// Kubernetes' own 30 s to finish; nothing to leave, so nothing to wait for.
const stop = { grace: "30s" as WholeDuration, delay: "0s" as WholeDuration };
// Load balancers and kube-proxy learn within seconds that a replica goes; until then it still answers.
const stopListening = { ...stop, delay: "5s" as WholeDuration };
const listening = { ports: {}, connection: {} };
const running = { probes: {}, preDeploy: {}, postDeploy: {}, protect: false };
const placed = { spread: { zones: "prefer" as const, nodes: "prefer" as const } };
const rollout = {
  strategy: "rolling" as const,
  surge: "25%" as const,
  // Capacity never falls below what was asked for.
  unavailable: 0,
  settle: "0s" as WholeDuration,
  deadline: "10m" as WholeDuration,
  paused: false,
};
const batch = { parallelism: 1, retries: 2, deadline: "1h" as WholeDuration, keep: "1d" as WholeDuration };

/** What a field is when neither the app nor the stack says anything, by kind of workload. */
export const workloadDefaults = deepFreeze({
  service: {
    ...pod,
    ...listening,
    ...running,
    ...placed,
    stop: stopListening,
    protocol: "http" as const,
    expose: [],
    rollout,
  },
  worker: { ...pod, ...running, ...placed, stop, rollout },
  stateful: {
    ...pod,
    ...listening,
    ...running,
    ...placed,
    stop: stopListening,
    protocol: "tcp" as const,
    expose: [],
    replicas: 1,
    order: "ordered" as const,
    rollout: { unavailable: 1, partition: 0, settle: "0s" as WholeDuration },
  },
  job: { ...pod, ...batch, stop },
  cron: {
    ...pod,
    ...batch,
    stop,
    timezone: "Etc/UTC",
    concurrency: "forbid" as const,
    startWithin: "10m" as WholeDuration,
    history: { succeeded: 3, failed: 3 },
    suspended: false,
  },
  daemon: {
    ...pod,
    ...listening,
    ...running,
    stop: stopListening,
    protocol: "tcp" as const,
    rollout: { unavailable: 1, settle: "0s" as WholeDuration },
  },
});

/** Defaults of an app's own fields. */
export const appDefaults = deepFreeze({ specVersion: 1 as const, protect: false });

/** Defaults inside the entries of lists and maps. */
export const entryDefaults = deepFreeze({
  init: { env: {}, args: [] as string[], resources: { cpu: "50m" as Cpu, memory: "64Mi" as Size } },
  sidecars: { env: {}, args: [] as string[], probes: {}, resources: { cpu: "20m" as Cpu, memory: "64Mi" as Size } },
  hook: { env: {}, args: [] as string[], retries: 0, deadline: "10m" as WholeDuration },
  persistentVolume: { access: "one-node" as const, retain: true },
  scratchVolume: { medium: "disk" as const },
  /** The one folder that runtimes expect to be writable; a volume mounted there takes its place. */
  temporary: { name: "tmp", mount: "/tmp", scratch: "64Mi" as Size },
  backup: { keep: "30d" as WholeDuration },
  expose: { path: "/" },
  layer4: { protocol: "tcp" as const },
  link: { wait: true },
  generate: { length: 32 },
});

/** How checks are timed; a start-up check gives a slow program a minute, then the other two take over. */
export const probeDefaults = deepFreeze({
  startup: { period: "1s", timeout: "1s", failures: 60, delay: "0s" },
  readiness: { period: "5s", timeout: "2s", failures: 3, delay: "0s" },
  liveness: { period: "10s", timeout: "2s", failures: 6, delay: "0s" },
} satisfies Record<string, Required<Pick<Exclude<Probe, false>, "period" | "timeout" | "failures" | "delay">>>);

/** Readiness of what requests wait for: looked at more often, and given up after the same time. */
export const quickReadiness = deepFreeze({ ...probeDefaults.readiness, period: "1s" as const, failures: 15 });

/** What `scale` is beside what the author says of it. */
export const scaleDefaults = deepFreeze({
  min: 1,
  /** For exposed services where requests are held while they wake. */
  exposed: { min: 0, max: 10 },
  /** For workloads that answer HTTP and may sleep or sit behind the gateway: requests in flight for each replica. */
  concurrency: 50,
  /** For everything else: share of the requested CPU. */
  cpu: "70%" as const,
  /** Up at once; down only what was too much for a while, since load comes in waves. */
  window: { up: "0s" as WholeDuration, down: "60s" as WholeDuration },
  /** Up by doubling, so that load that doubles is met in one step; down by halves. 15 s is how often the autoscaler looks. */
  step: {
    up: { replicas: 4, percent: 100, every: "15s" as WholeDuration },
    down: { percent: 50, every: "15s" as WholeDuration },
  },
  cooldown: "60s" as WholeDuration,
  /** Kubernetes' own. */
  tolerance: "10%" as const,
  fallback: { after: 3 },
  coldStart: { budget: "60s" as WholeDuration },
  placeholder: { status: 503, body: "", type: "text/plain" },
  job: { max: 10, every: "10s" as WholeDuration },
});

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
