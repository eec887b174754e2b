import type { ExposeModel, ServiceModel, WorkloadModel } from "../../../app/model/types";
import type { Capabilities } from "../../../app/objects/context";
import { type Duration, toMilliseconds } from "../../../kube/units";
import { isIntercepted } from "./http";

/** Milliseconds after which the gateway gives up a request where nothing is said; Envoy's own. */
const gatewayTimeout = 15_000;

/**
 * Milliseconds that the gateway gives a request of a workload, or one try of it: the time that is written counts for the workload's answer,
 * and what may sleep has the time to wake beside it. Nothing where the gateway's own time counts.
 */
export function requestTime(
  workload: WorkloadModel,
  written: Duration | undefined,
  capabilities: Capabilities,
): number | undefined {
  const waking = isIntercepted(workload, capabilities) && workload.scale.min === 0;
  const time = written === undefined ? undefined : toMilliseconds(written);
  if (!waking) return time;
  return (time ?? gatewayTimeout) + workload.scale.coldStart.budget * 1000;
}

/**
 * Milliseconds that a replica which is awake has for the beginning of its answer: the longest that one of its addresses gives. Nothing where
 * an address doesn't say, or somebody inside calls it, for whom no address speaks; then the add-on's own five minutes count.
 */
export function answerTime({
  scale,
  expose,
  calledBy,
}: Pick<ServiceModel, "scale" | "expose" | "calledBy">): number | undefined {
  if (scale.min > 0 || calledBy.length > 0) return undefined;
  const routes = expose.filter((one): one is Extract<ExposeModel, { type: "route" }> => one.type === "route");
  const times = routes.flatMap(({ traffic, rules }) => rules.map((rule) => rule.timeout ?? traffic.timeout));
  const written = times.filter((time) => time !== undefined);
  return written.length === 0 || written.length < times.length ? undefined : Math.max(...written.map(toMilliseconds));
}
