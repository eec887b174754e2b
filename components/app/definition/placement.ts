import { z } from "zod";
import { countOrPercent, seconds, objectName } from "./scalars";

const strength = z.enum(["prefer", "require", "off"]);

export const spread = z
  .strictObject({
    zones: strength.meta({ description: "Spread replicas over zones, where the cluster has several." }).exactOptional(),
    nodes: strength.meta({ description: "Spread replicas over nodes." }).exactOptional(),
  })
  .meta({ description: "How far replicas keep apart." });

export const architecture = z
  .array(z.enum(["amd64", "arm64"]))
  .min(1)
  .meta({ description: "CPU architectures the image is made for. Default: any the cluster has." });

export const rollout = z
  .strictObject({
    strategy: z
      .enum(["rolling", "recreate"])
      .meta({ description: "`recreate` stops the old replicas first." })
      .exactOptional(),
    surge: countOrPercent.meta({ description: "Replicas above the wanted number while rolling." }).exactOptional(),
    unavailable: countOrPercent.meta({ description: "Replicas that may be missing while rolling." }).exactOptional(),
    settle: seconds
      .meta({ description: "How long a new replica must be ready before the next one is replaced." })
      .exactOptional(),
    deadline: seconds.meta({ description: "Time without progress after which a roll-out has failed." }).exactOptional(),
    paused: z.boolean().meta({ description: "Holds a roll-out back: the old replicas keep running." }).exactOptional(),
  })
  .meta({ description: "How a new version replaces the old one." });

export const setRollout = z
  .strictObject({
    unavailable: countOrPercent.meta({ description: "Replicas that may be missing while rolling." }).exactOptional(),
    partition: z
      .int()
      .min(0)
      .meta({ description: "Only replicas from this number on get the new version." })
      .exactOptional(),
    settle: seconds
      .meta({ description: "How long a new replica must be ready before the next one is replaced." })
      .exactOptional(),
  })
  .meta({ description: "How a new version replaces the old one." });

export const daemonRollout = setRollout
  .pick({ unavailable: true, settle: true })
  .meta({ description: "How a new version replaces the old one." });

export const disruption = z
  .union(
    [
      z.strictObject({
        unavailable: countOrPercent.meta({ description: "Most replicas that may be taken away at once." }),
      }),
      z.strictObject({ available: countOrPercent.meta({ description: "Fewest replicas that stay." }) }),
      z.literal(false),
    ],
    { error: "{ unavailable: 1 }, { available: 2 } or false" },
  )
  .meta({ description: "What node maintenance may take away at once. `false`: all of it." });

export const stop = z
  .strictObject({
    grace: seconds.meta({ description: "Time to finish after SIGTERM." }).exactOptional(),
    delay: seconds.meta({ description: "Time between leaving the load balancer and SIGTERM." }).exactOptional(),
  })
  .meta({ description: "How a replica stops." });

export const identity = z
  .strictObject({
    aws: z
      .string()
      .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, { error: "the ARN of an IAM role" })
      .meta({ description: "ARN of the IAM role that its pods assume on AWS." })
      .exactOptional(),
    azure: z
      .guid({ error: "the client id of a managed identity" })
      .meta({ description: "Client id of the managed identity that its pods have on Azure." })
      .exactOptional(),
  })
  .meta({ description: "Who the workload is to the cloud. Default: nobody." });

export const serviceAccount = z
  .strictObject({
    name: objectName
      .meta({ description: "A ServiceAccount that is there already. Default: one of the workload's own." })
      .exactOptional(),
    token: z.boolean().meta({ description: "Whether pods get a token for the Kubernetes API." }).exactOptional(),
  })
  .meta({ description: "Who the workload is to Kubernetes." });
