import { z } from "zod";
import { duration, percent, size, text } from "./scalars";

const positive = z.number().positive();
const perReplica = (what: string) => positive.meta({ description: `${what} that one replica should carry.` });

const trigger = z.union(
  [
    z.strictObject({ cpu: percent.meta({ description: "Share of the requested CPU that replicas should use." }) }),
    z.strictObject({
      memory: z
        .union([percent, size], { error: 'a percentage or a size, for example "80%" or "512Mi"' })
        .meta({ description: "Share of the requested memory, or memory, that a replica should use." }),
    }),
    z.strictObject({ rps: perReplica("Requests per second") }),
    z.strictObject({ concurrency: perReplica("Requests in flight") }),
    z.strictObject({
      latency: z
        .union([z.strictObject({ p95: duration }), z.strictObject({ p99: duration })], {
          error: 'a target, for example { p95: "250ms" }',
        })
        .meta({ description: "Latency at the gateway that replicas are added to keep." }),
    }),
    z.strictObject({
      queue: z
        .strictObject({
          link: text(/^[A-Z][A-Z0-9_]*$/, "the name of a link").meta({ description: "The link to the queue." }),
          name: z.string().min(1).meta({ description: "Stream and consumer, `<stream>/<consumer>`." }),
          length: positive.meta({ description: "Waiting messages that one replica should carry." }),
        })
        .meta({ description: "Messages waiting in a queue." }),
    }),
    z.strictObject({
      cron: z
        .strictObject({
          start: z.string().min(9).meta({ description: "When it begins, as a cron schedule." }),
          end: z.string().min(9).meta({ description: "When it ends, as a cron schedule." }),
          timezone: z.string().min(1).meta({ description: "IANA name of the time zone." }),
          replicas: z.int().min(1).meta({ description: "Replicas in that time." }),
        })
        .meta({ description: "Replicas by the clock." }),
    }),
    z.strictObject({
      promql: z
        .strictObject({
          query: z.string().min(1).meta({ description: "Prometheus query with one number as its result." }),
          threshold: positive.meta({ description: "The part of that number that one replica should carry." }),
        })
        .meta({ description: "Any Prometheus query." }),
    }),
  ],
  { error: "a trigger: cpu, memory, rps, concurrency, latency, queue, cron or promql" },
);

export const scale = z
  .strictObject({
    min: z.int().min(0).max(1000).meta({ description: "Fewest replicas; 0 lets it sleep." }).exactOptional(),
    max: z.int().min(1).max(1000).meta({ description: "Most replicas." }).exactOptional(),
    on: z
      .array(trigger)
      .meta({ description: "What replicas follow; the trigger that wants most wins." })
      .exactOptional(),
  })
  .meta({
    description: "How many replicas run.",
    examples: [{ min: 2, max: 20, on: [{ cpu: "70%" }] }],
  });

export const replicas = z
  .int()
  .min(0)
  .max(1000)
  .meta({ description: "A fixed number of replicas. Give this or `scale`." });

export type Scale = z.output<typeof scale>;
export type ScaleTrigger = z.output<typeof trigger>;
