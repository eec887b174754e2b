import { z } from "zod";
import { duration, percent, size, text } from "./scalars";

/** Requests are counted whole, so is what a replica carries of them. */
const requests = (what: string) =>
  z
    .int({ error: "a whole number, at least 1" })
    .min(1)
    .max(1_000_000)
    .meta({
      description: `${what} that one replica should carry.`,
    });
const positive = z.number().positive();

export const queueTrigger = z.strictObject({
  queue: z
    .strictObject({
      link: text(/^[A-Z][A-Z0-9_]*$/, "the name of a link").meta({
        description: "The link to a NATS server, whose port `monitor` is read.",
      }),
      name: text(/^[^\s/]+\/[^\s/]+$/, "`<stream>/<consumer>`").meta({
        description: "Stream and consumer, `<stream>/<consumer>`.",
      }),
      length: z.int().min(1).max(1_000_000).meta({ description: "Waiting messages that one replica should carry." }),
    })
    .meta({ description: "Messages waiting in a queue." }),
});

export const trigger = z.union(
  [
    z.strictObject({ cpu: percent.meta({ description: "Share of the requested CPU that replicas should use." }) }),
    z.strictObject({
      memory: z
        .union([percent, size], { error: 'a percentage or a size, for example "80%" or "512Mi"' })
        .meta({ description: "Share of the requested memory, or memory, that a replica should use." }),
    }),
    z.strictObject({ rps: requests("Requests per second") }),
    z.strictObject({ concurrency: requests("Requests in flight") }),
    z.strictObject({
      latency: z
        .union(
          [
            z.strictObject({ p95: duration.meta({ description: "19 of 20 requests take no longer." }) }),
            z.strictObject({ p99: duration.meta({ description: "99 of 100 requests take no longer." }) }),
          ],
          {
            error: 'a target, for example { p95: "250ms" }',
          },
        )
        .meta({ description: "Latency at the gateway that replicas are added to keep." }),
    }),
    queueTrigger,
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

export type ScaleTrigger = z.output<typeof trigger>;
