import { z } from "zod";

/** What an environment runs of one workload. */
const workloadRelease = z.strictObject({
  /** Image with its digest: exactly what runs. */
  image: z
    .string()
    .regex(/@sha256:[a-f0-9]{64}$/, { error: "an image with its digest" })
    .exactOptional(),
  /** What the image was built from. */
  source: z
    .strictObject({
      /** Commit, archive hash or hash of the folder's contents. */
      revision: z.string().min(1),
      /** When, in RFC 3339. */
      built: z.iso.datetime().exactOptional(),
    })
    .exactOptional(),
  /** Ports given at the load balancer, by name of the workload's port. */
  ports: z.record(z.string(), z.int().min(1).max(65_535)).exactOptional(),
});

/** The schema of `releases/<env>.yaml`, the lock file of an environment. It is written by commands only and reviewed like code. */
export const releaseSchema = z.strictObject({
  /** App → workload → what runs. */
  apps: z.record(z.string(), z.record(z.string(), workloadRelease)).default({}),
  /** App → clusters, where it runs on one of several: the first is where its address leads, a second only while it is moved. */
  placements: z.record(z.string(), z.array(z.string().min(1)).min(1).max(2)).default({}),
  /** Freed ports that are not given again yet, so that nobody's old clients reach somebody else; the longest free first. */
  resting: z.array(z.int().min(1).max(65_535)).default([]),
  /** Cluster → facts that were read from it. */
  facts: z.record(z.string(), z.record(z.string(), z.json())).default({}),
});

export type Release = z.output<typeof releaseSchema>;
export type WorkloadRelease = z.output<typeof workloadRelease>;

/** A release that holds nothing: every app gives images with digests. */
export const emptyRelease: Release = { apps: {}, placements: {}, resting: [], facts: {} };
