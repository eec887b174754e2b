import type { KubeObject } from "../components/kube/object";
import type { ClusterPrices } from "../components/policy/prices";
import { podOf } from "./pods";
import { quantity } from "./quantities";
import { field, requestsOf, runningWorkloads } from "./workloads";

/** What a month costs with the fewest replicas, on an ordinary day, and with the most. */
export interface Cost {
  readonly min: number;
  readonly expected: number;
  readonly max: number;
}

const nothing: Cost = { min: 0, expected: 0, max: 0 };
const gibibyte = 2 ** 30;

/** What a month of these objects costs on a cluster: what pods ask for, volumes and load balancers. */
export function costOf(objects: readonly KubeObject[], prices: ClusterPrices): Cost {
  const costs = [...running(objects, prices), ...batch(objects, prices), ...fixed(objects, prices)];
  return costs.reduce(
    (sum, cost) => ({ min: sum.min + cost.min, expected: sum.expected + cost.expected, max: sum.max + cost.max }),
    nothing,
  );
}

function running(objects: readonly KubeObject[], prices: ClusterPrices): Cost[] {
  return runningWorkloads(objects).map(({ object, replicas: { min, max }, requests }) => {
    const templates = (field(object, "spec.volumeClaimTemplates") ?? []) as KubeObject[];
    const volumes = templates.reduce((sum, claim) => sum + storage(claim, prices), 0);
    return scaled(podPrice(requests, prices) + volumes, min, min + (max - min) * prices.expectedLoad, max);
  });
}

/** A job costs while it runs: nothing at least, all its pods for the whole month at most; how long it runs is not known before. */
function batch(objects: readonly KubeObject[], prices: ClusterPrices): Cost[] {
  return objects
    .filter(({ kind }) => kind === "CronJob")
    .map((object) => {
      const parallelism = Number(field(object, "spec.jobTemplate.spec.parallelism") ?? 1);
      return scaled(podPrice(requestsOf(podOf(object)), prices), 0, 0, parallelism);
    });
}

function fixed(objects: readonly KubeObject[], prices: ClusterPrices): Cost[] {
  return objects.flatMap((object) => {
    if (object.kind === "PersistentVolumeClaim") return [scaled(storage(object, prices), 1, 1, 1)];
    const balanced = object.kind === "Service" && field(object, "spec.type") === "LoadBalancer";
    return balanced ? [scaled(prices.loadBalancer, 1, 1, 1)] : [];
  });
}

function podPrice({ cpu, memory }: { cpu: number; memory: number }, prices: ClusterPrices): number {
  return cpu * prices.cpu + (memory / gibibyte) * prices.memory;
}

function storage(claim: unknown, prices: ClusterPrices): number {
  return (quantity(field(claim, "spec.resources.requests.storage")) / gibibyte) * prices.storage;
}

function scaled(price: number, min: number, expected: number, max: number): Cost {
  return { min: price * min, expected: price * expected, max: price * max };
}
