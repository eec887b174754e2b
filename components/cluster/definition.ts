import { z } from "zod";
import { defaultVersion } from "./versions";

/** Fields that a cluster in any cloud has. Checks that span fields or need a table are in `check.ts`, each with its own error code. */

/** Kubernetes minor version. Default: 1.36. Raising it upgrades the cluster in place, one minor version at a time. */
export const version = z
  .string()
  .regex(/^1\.\d{2}$/, "must be a Kubernetes minor version such as 1.36")
  .default(defaultVersion);

/** An IPv4 network in CIDR notation, for example `10.0.0.0/16`. */
export const network = z.string();

/**
 * Who reaches the API server: `private` = only the cluster's own network and networks connected to it; or a list of public IPv4 blocks such as
 * an office's or a CI runner's. The whole internet can't be named. Default: `private`.
 */
export const endpoint = z
  .union([z.literal("private"), z.strictObject({ publicCidrs: z.array(network).min(1) })])
  .default("private");

/** Nodes for apps: they come when pods need them and go when they don't. */
export const nodes = z
  .strictObject({
    /** CPU architectures that nodes may have. Default: amd64. Add arm64 only when every image is built for it. */
    architectures: z
      .array(z.enum(["amd64", "arm64"]))
      .min(1)
      .default(["amd64"]),
    /** Ways to buy nodes. `spot` is cheap and may vanish with two minutes' notice. Default: on-demand. */
    capacity: z
      .array(z.enum(["on-demand", "spot"]))
      .min(1)
      .default(["on-demand"]),
    /** Sum of the CPUs of all app nodes, in vCPUs: the ceiling of what autoscaling may cost. Default: 128. */
    maxCpu: z.int().min(2).max(10_000).default(128),
    /** Sum of the memory of all app nodes. Default: 512Gi. */
    maxMemory: z.templateLiteral([z.int().min(4), "Gi"]).default("512Gi"),
    /** Age at which a node is replaced, so that none misses updates. Default: 336h (two weeks, the longest that EKS Auto Mode keeps one is 504h). */
    expireAfter: z.templateLiteral([z.int().min(24).max(504), "h"]).default("336h"),
  })
  .prefault({});

/**
 * Who reaches load balancers: `public` = the internet; `internal` = the cluster's network and networks connected to it.
 * Default: public.
 */
export const loadBalancer = z.enum(["public", "internal"]).default("public");

/** Backups that outlive the cluster: a bucket of its own key, versioned, out of public reach. */
export const backups = z
  .strictObject({
    /** How long a backup object is kept after it was written. Default: 35d. */
    retention: z.templateLiteral([z.int().min(1).max(3650), "d"]).default("35d"),
  })
  .prefault({});

/** Public DNS zones that come with the cluster. Their name servers have to be entered at the registrar. Default: none. */
export const domains = z.array(z.hostname()).default([]);

/** Public registries whose images are pulled through a cache of our own. Default: registry.k8s.io, quay.io. */
export const mirrors = z
  .array(z.enum(["registry.k8s.io", "quay.io", "public.ecr.aws"]))
  .default(["registry.k8s.io", "quay.io"]);

/** Whether the cluster, its keys and its data refuse to be deleted. Default: true. Set it to false and run `up` before a planned `down`. */
export const deletionProtection = z.boolean().default(true);

/** Tags on every resource, beside the ones that name environment, cluster and project. Default: none. */
export const tags = z.record(z.string().min(1).max(128), z.string().max(256)).default({});
