import { isBuffered } from "../../../app/model/scale";
import type { ExposeModel, PortModel, ServiceModel, WorkloadModel } from "../../../app/model/types";
import type { Capabilities } from "../../../app/objects/context";
import { joinName } from "../../../kube/names";
import { kedaNamespace } from "./names";

/** The Service behind which requests wait while a workload wakes. */
export const interceptor = {
  name: "keda-add-ons-http-interceptor-proxy",
  namespace: kedaNamespace,
  port: 8080,
  selector: {
    "app.kubernetes.io/component": "add-on",
    "app.kubernetes.io/instance": "interceptor",
    "app.kubernetes.io/name": "http",
    "app.kubernetes.io/part-of": "keda",
  },
} as const;

/** Address of the program that tells KEDA how many requests are under way. */
const scalerAddress = `keda-add-ons-http-external-scaler.${kedaNamespace}:9090`;

/** Whether requests to a workload go through the interceptor, which counts them and holds them while nothing runs. */
export function isIntercepted(workload: WorkloadModel, capabilities: Capabilities): workload is ServiceModel {
  return workload.kind === "service" && isBuffered(workload.scale, capabilities);
}

/**
 * Header in which the gateway tells the interceptor whose request it is. The host doesn't say it: workloads may share one, one has several
 * ports, and routes rewrite it.
 */
export const recipientHeader = "x-petrichor-recipient";

/** The value of that header for a port of a workload. */
export function recipient({ namespace, objectName }: ServiceModel, { name }: PortModel): string {
  return `${namespace}/${objectName}/${name}`;
}

/** The ports of a workload whose requests the interceptor counts: the main one, and those with a host of their own. */
export function countedPorts({ ports, expose }: Pick<ServiceModel, "ports" | "expose">): PortModel[] {
  const exposed = expose.filter((one): one is Extract<ExposeModel, { type: "route" }> => one.type === "route");
  const names = new Set([ports[0]?.name, ...exposed.map(({ port }) => port.name)]);
  return ports.filter(({ name }) => names.has(name));
}

/** Name of the InterceptorRoute of such a port. */
export function interceptorRouteName(
  { objectName, ports }: Pick<ServiceModel, "objectName" | "ports">,
  port: PortModel,
) {
  return port.name === ports[0]?.name ? objectName : joinName([objectName, "port", port.name]);
}

/** Seconds over which requests are counted for their rate: short enough to follow a doubling at once, long enough not to follow chance. */
const rateWindow = 10;

/** A rate that no replica comes to, so that it wakes a workload and never adds a replica. */
const wakingRate = 1_000_000;

/** The requests that one replica should carry, as the add-on has it; nothing for a workload that doesn't scale on requests. */
export function requestTargets({ scale: { on, coldStart } }: Pick<ServiceModel, "scale">):
  | {
      concurrency?: { targetValue: number };
      requestRate?: { targetValue: number; window: string; granularity: string };
    }
  | undefined {
  const concurrency = on.find((trigger) => "concurrency" in trigger)?.concurrency;
  const rps = on.find((trigger) => "rps" in trigger)?.rps;
  if (concurrency === undefined && rps === undefined) return undefined;
  // A request that is given a placeholder is over before anybody counts those under way.
  const rate = rps ?? (coldStart.placeholder === undefined ? undefined : wakingRate);
  return {
    ...(concurrency === undefined ? {} : { concurrency: { targetValue: concurrency } }),
    ...(rate === undefined ? {} : { requestRate: { targetValue: rate, window: `${rateWindow}s`, granularity: "1s" } }),
  };
}

/** KEDA's triggers of a workload that scales on requests, one for each port that they come to. */
export function httpTriggers(
  workload: Pick<ServiceModel, "scale" | "objectName" | "ports" | "expose">,
): Record<string, unknown>[] {
  if (requestTargets(workload) === undefined) return [];
  return countedPorts(workload).map((port) => ({
    type: "external-push",
    metadata: { scalerAddress, interceptorRoute: interceptorRouteName(workload, port) },
  }));
}
