import { z } from "zod";

const price = z.number().nonnegative();

const monthly = z.strictObject({
  /** One core that is asked for. */
  cpu: price,
  /** One GiB of memory that is asked for. */
  memory: price,
  /** One GiB of a volume. */
  storage: price,
  /** One load balancer. */
  loadBalancer: price,
});

/** The price file `stacks/prices.yaml`: what a month of 730 hours costs. */
export const pricesSchema = z.strictObject({
  /** The currency of every price, for example `EUR`. */
  currency: z.string().regex(/^[A-Z]{3}$/, "must be a currency such as EUR"),
  /** How far from its fewest to its most replicas a workload is on an ordinary day, from 0 to 1. */
  expectedLoad: z.number().min(0).max(1),
  /** Prices of every cluster. */
  default: monthly,
  /** Prices that are others on a cluster, by its name. Default: none. */
  clusters: z.record(z.string(), monthly.partial()).default({}),
});

export type Prices = z.output<typeof pricesSchema>;

/** The prices of one cluster. */
export type ClusterPrices = z.output<typeof monthly> & Pick<Prices, "currency" | "expectedLoad">;

/** What things cost on a cluster. */
export function pricesOn(cluster: string, { currency, expectedLoad, default: all, clusters }: Prices): ClusterPrices {
  const { cpu, memory, storage, loadBalancer } = clusters[cluster] ?? {};
  return {
    currency,
    expectedLoad,
    cpu: cpu ?? all.cpu,
    memory: memory ?? all.memory,
    storage: storage ?? all.storage,
    loadBalancer: loadBalancer ?? all.loadBalancer,
  };
}
