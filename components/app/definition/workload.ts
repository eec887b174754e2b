import { z } from "zod";
import { files, initContainer, probes, process, sidecar } from "./container";
import { generatedSecret } from "./environment";
import { image, source } from "./image";
import { egress, expose, links, ports, protocol } from "./network";
import {
  architecture,
  daemonRollout,
  disruption,
  identity,
  rollout,
  serviceAccount,
  setRollout,
  spread,
  stop,
} from "./placement";
import { jobScale, replicas, scale } from "./scale";
import { seconds, labelOf, port, text } from "./scalars";
import { transform } from "./transform";
import { volumes } from "./volumes";

const containerName = labelOf("a container or job", 50);

/** What every kind of workload has. */
const pod = {
  description: z.string().meta({ description: "What it does, for people." }).exactOptional(),
  image: image.exactOptional(),
  source: source.exactOptional(),
  ...process,
  files: files.exactOptional(),
  volumes: volumes.exactOptional(),
  init: z
    .record(containerName, initContainer)
    .meta({ description: "Containers that run to their end, one after the other, before the main one starts." })
    .exactOptional(),
  sidecars: z
    .record(containerName, sidecar)
    .meta({ description: "Containers that start before the main one and run beside it." })
    .exactOptional(),
  links: links.exactOptional(),
  egress: egress.exactOptional(),
  stop: stop.exactOptional(),
  user: z
    .int()
    .min(1)
    .max(2_147_483_647)
    .meta({ description: "Numeric user and group that its processes run as; never root." })
    .exactOptional(),
  identity: identity.exactOptional(),
  serviceAccount: serviceAccount.exactOptional(),
  architecture: architecture.exactOptional(),
  transform: transform.exactOptional(),
};

const hook = z.strictObject({
  image: image.meta({ description: "Image to run. Default: the workload's own." }).exactOptional(),
  ...process,
  retries: z.int().min(0).max(20).meta({ description: "Tries after the first one." }).exactOptional(),
  deadline: seconds.meta({ description: "Time after which it has failed." }).exactOptional(),
});
const hooks = z.record(containerName, hook);

/** What workloads that stay have. */
const running = {
  probes: probes.exactOptional(),
  preDeploy: hooks
    .meta({
      description:
        "Jobs that must succeed before a new version rolls out, such as migrations. They see the workload's environment.",
      examples: [{ migrate: { args: ["migrate"] } }],
    })
    .exactOptional(),
  postDeploy: hooks
    .meta({ description: "Jobs that run after a new version has rolled out; one that fails fails the update." })
    .exactOptional(),
  protect: z.boolean().meta({ description: "Whether the engine refuses to delete its data." }).exactOptional(),
};

/** What workloads that others call have. */
const listening = {
  port: port.meta({ description: "Port it listens on. The container finds it in `PORT`." }).exactOptional(),
  protocol: protocol.meta({ description: "What is spoken on `port`." }).exactOptional(),
  ports: ports.exactOptional(),
  connection: z
    .record(
      text(/^[a-z][a-z0-9]*$/, "the name of a connection value in lower case"),
      z.union([z.string(), generatedSecret], { error: "text in quotes, or { generate: {} }" }),
    )
    .meta({
      description:
        "Values that those who link to it need. Each is an environment variable here, in capitals, and behind the link's prefix there.",
      examples: [{ user: "shop", password: { generate: {} } }],
    })
    .exactOptional(),
};

const placed = { spread: spread.exactOptional(), disruption: disruption.exactOptional() };

const batch = {
  parallelism: z.int().min(1).max(1000).meta({ description: "Pods that work at the same time." }).exactOptional(),
  completions: z.int().min(1).max(10_000).meta({ description: "Pods that must succeed." }).exactOptional(),
  retries: z.int().min(0).max(100).meta({ description: "Tries after the first one." }).exactOptional(),
  deadline: seconds.meta({ description: "Time after which it has failed." }).exactOptional(),
  keep: seconds.meta({ description: "How long a finished one stays to be looked at." }).exactOptional(),
};

export const service = z
  .strictObject({
    kind: z.literal("service"),
    ...pod,
    ...listening,
    expose: expose.exactOptional(),
    replicas: replicas.exactOptional(),
    scale: scale.exactOptional(),
    ...running,
    ...placed,
    rollout: rollout.exactOptional(),
  })
  .meta({ id: "Service", description: "Answers requests; replicas are alike and come and go." });

export const worker = z
  .strictObject({
    kind: z.literal("worker"),
    ...pod,
    replicas: replicas.exactOptional(),
    scale: scale.exactOptional(),
    ...running,
    ...placed,
    rollout: rollout.exactOptional(),
  })
  .meta({ id: "Worker", description: "Works on its own, for example through a queue; nobody calls it." });

export const stateful = z
  .strictObject({
    kind: z.literal("stateful"),
    ...pod,
    ...listening,
    expose: expose.exactOptional(),
    replicas: replicas.exactOptional(),
    order: z
      .enum(["ordered", "parallel"])
      .meta({ description: "Whether replicas start and stop one after the other." })
      .exactOptional(),
    ...running,
    ...placed,
    rollout: setRollout.exactOptional(),
  })
  .meta({
    id: "Stateful",
    description: "Replicas with a name and volumes of their own, such as a database or a queue.",
  });

export const job = z
  .strictObject({ kind: z.literal("job"), ...pod, ...batch, scale: jobScale.exactOptional() })
  .meta({ id: "Job", description: "Runs to its end once for each version, or for what waits in a queue." });

export const cron = z
  .strictObject({
    kind: z.literal("cron"),
    ...pod,
    ...batch,
    schedule: z
      .string({ error: 'a cron schedule, for example "0 6 * * 1-5"' })
      .meta({ description: "When, in the five fields of cron.", examples: ["0 6 * * 1-5"] }),
    timezone: z
      .string()
      .meta({ description: "IANA name of the schedule's time zone.", examples: ["Europe/Berlin"] })
      .exactOptional(),
    concurrency: z
      .enum(["allow", "forbid", "replace"])
      .meta({ description: "What happens when the last run still goes on." })
      .exactOptional(),
    startWithin: seconds.meta({ description: "How late a run may start before it is left out." }).exactOptional(),
    history: z
      .strictObject({
        succeeded: z.int().min(0).max(100).meta({ description: "Runs that succeeded." }).exactOptional(),
        failed: z.int().min(0).max(100).meta({ description: "Runs that failed." }).exactOptional(),
      })
      .meta({ description: "Finished runs that stay to be looked at." })
      .exactOptional(),
    suspended: z.boolean().meta({ description: "Whether no new runs start." }).exactOptional(),
  })
  .meta({ id: "Cron", description: "Runs to its end at set times." });

export const daemon = z
  .strictObject({
    kind: z.literal("daemon"),
    ...pod,
    ...listening,
    ...running,
    rollout: daemonRollout.exactOptional(),
  })
  .meta({ id: "Daemon", description: "One replica on every node." });

export const workload = z.discriminatedUnion("kind", [service, stateful, worker, job, cron, daemon], {
  error: 'a map of its fields, for example { kind: "service", port: 8080 }',
});

export const kinds = { service, stateful, worker, job, cron, daemon } as const;
export type Kind = keyof typeof kinds;
export type Workload = z.output<typeof workload>;
export type WorkloadOf<K extends Kind> = Extract<Workload, { kind: K }>;
