import { routeName } from "../../../app/model/names";
import { latencyWindow } from "../../../app/model/scale";
import type { ServiceModel } from "../../../app/model/types";

/** Requests in the window below which a high percentile is chance: of fewer than twenty, the 95th is the slowest one. */
const fewest = 20;
/** A measurement counts as at most so many times the target, so that one bad reading at most doubles what runs. */
const highest = 2;
/** And as at least so much of it while there are requests: what is far below the target halves what runs, and is looked at again. */
const lowest = 0.5;

/**
 * The latency of a workload's requests at the gateway, in milliseconds, as a query with one number as its result:
 *
 * - between half and twice the target while there are enough requests;
 * - 0 while there are few or none, so that replicas are not kept for nobody;
 * - nothing while the gateway can't be measured, which lets the fallback hold.
 *
 * Cold starts are left out where the workload may sleep: only what happened after a time with requests counts.
 */
export function latencyQuery(workload: ServiceModel, quantile: number, target: number): string {
  const series = (name: string): string =>
    `envoy_cluster_upstream_rq_time_${name}{job="gateway",envoy_cluster_name=~"${backends(workload)}"}`;
  const window = `[${latencyWindow}s]`;
  const measured = `histogram_quantile(${quantile}, sum by (le) (rate(${series("bucket")}${window})))`;
  const enough = `(sum(increase(${series("count")}${window})) >= ${fewest})`;
  const awake = `(sum(increase(${series("count")}${window} offset ${latencyWindow}s)) > 0)`;
  const conditions = [enough, ...(workload.scale.min === 0 ? [awake] : [])].map((one) => ` and ${one}`).join("");
  const bounded = `clamp(${measured} >= 0, ${lowest * target}, ${highest * target})`;
  return `(${bounded}${conditions}) or (0 * max(up{job="gateway"} == 1))`;
}

/** Names under which the gateway's proxies know the workload, one for each rule of each of its routes. */
function backends({ namespace, objectName, expose }: ServiceModel): string {
  const routes = expose.filter(({ type }) => type === "route");
  const names = routes.map((_, index) => routeName(objectName, index));
  return `(http|grpc)route/${namespace}/(${names.join("|")})/rule/.*`;
}
