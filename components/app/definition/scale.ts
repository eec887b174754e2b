import { z } from "zod";
import { label, percent, seconds, text } from "./scalars";
import { trigger, type ScaleTrigger, queueTrigger } from "./trigger";

const replicasInStep = z.int().min(1).max(1000);

/** Kubernetes' own limits: an hour for windows, half an hour for the time of a step. */
export const scaleLimits = { window: 3600, step: 1800 } as const;

const direction = (verb: string) =>
  z
    .strictObject({
      replicas: replicasInStep.meta({ description: `Most replicas ${verb} in a step.` }).exactOptional(),
      percent: z
        .int({ error: "a whole number of percent, for example 100" })
        .min(1)
        .max(1000)
        .meta({ description: `Most of the running replicas ${verb} in a step, in percent.` })
        .exactOptional(),
      every: seconds.meta({ description: "Length of a step, at most 30m." }).exactOptional(),
    })
    .meta({ description: `How fast replicas are ${verb}; where both limits are given, the wider one counts.` });

const response = z
  .strictObject({
    status: z.int().min(200).max(599).meta({ description: "HTTP status." }).exactOptional(),
    body: z.string().max(32_768).meta({ description: "Body, at most 32 KiB." }).exactOptional(),
    type: text(/^[\w.+-]+\/[\w.+-]+(; ?[\w=-]+)?$/, 'a media type, for example "text/html"')
      .meta({ description: "Media type of the body." })
      .exactOptional(),
  })
  .meta({ description: "Answer that is given at once while nothing runs, instead of letting requests wait." });

const coldStart = z
  .strictObject({
    budget: seconds.meta({ description: "How long a request may wait for a replica; then it fails." }).exactOptional(),
    placeholder: response.exactOptional(),
    fallback: label
      .meta({ description: "Workload of the same app that answers where the budget is used up." })
      .exactOptional(),
    minWarm: z
      .int()
      .min(1)
      .max(1000)
      .meta({ description: "Fewest replicas while it is awake; it goes from there to zero at once." })
      .exactOptional(),
  })
  .meta({ description: "What happens when a request finds nothing running. Only with `min: 0`." });

export const scale = z
  .strictObject({
    min: z
      .int()
      .min(0)
      .max(1000)
      .meta({
        description:
          "Fewest replicas; 0 lets it sleep. Default: 1, and 0 where `expose` has a host, requests can be held until it is awake, and no volume keeps data.",
      })
      .exactOptional(),
    max: z
      .int()
      .min(1)
      .max(1000)
      .meta({ description: "Most replicas. Default: 10 where `min` is 0 by default, else `min`." })
      .exactOptional(),
    on: z
      .array(trigger)
      .meta({
        description:
          "What replicas follow; the trigger that wants most wins. Default: 50 requests in flight where `min` is 0, else 70% of the CPU.",
      })
      .exactOptional(),
    window: z
      .strictObject({
        up: seconds
          .meta({ description: "The lowest wish of this time counts before replicas are added." })
          .exactOptional(),
        down: seconds
          .meta({ description: "The highest wish of this time counts before replicas are taken away." })
          .exactOptional(),
      })
      .meta({ description: "How long a wish must last, at most 1h: load comes in waves." })
      .exactOptional(),
    step: z
      .strictObject({ up: direction("added").exactOptional(), down: direction("taken away").exactOptional() })
      .meta({ description: "How much may change at once." })
      .exactOptional(),
    cooldown: seconds.meta({ description: "Time without load after which it goes to zero." }).exactOptional(),
    tolerance: percent
      .meta({ description: "How far a measurement may be from its target before anything changes." })
      .exactOptional(),
    fallback: z
      .strictObject({
        replicas: z
          .int()
          .min(1)
          .max(1000)
          .meta({ description: "Replicas that run at least. Default: `min`, and 1 where that is 0." })
          .exactOptional(),
        after: z.int().min(1).max(100).meta({ description: "Measurements in a row that are missing." }).exactOptional(),
      })
      .meta({ description: "What holds while a measurement can't be had. Replicas that run already stay." })
      .exactOptional(),
    coldStart: coldStart.exactOptional(),
  })
  .meta({
    description: "How many replicas run.",
    examples: [{ min: 2, max: 20, on: [{ cpu: "70%" }] }],
  });

/** How many runs of a job go on at once, by what waits in a queue. */
export const jobScale = z
  .strictObject({
    max: z.int().min(1).max(1000).meta({ description: "Most runs at the same time." }).exactOptional(),
    on: z
      .array(queueTrigger)
      .min(1)
      .meta({ description: "The queue; each `length` of waiting messages starts a run." }),
    every: seconds.meta({ description: "Time between two looks at the queue." }).exactOptional(),
  })
  .meta({
    description: "Starts runs for what waits in a queue, instead of one run for each version.",
    examples: [{ max: 10, on: [{ queue: { link: "QUEUE", name: "orders/invoices", length: 1 } }] }],
  });

export const replicas = z
  .int()
  .min(0)
  .max(1000)
  .meta({ description: "A fixed number of replicas. Give this or `scale`." });

export type Scale = z.output<typeof scale>;
export type JobScale = z.output<typeof jobScale>;
export type { ScaleTrigger };
