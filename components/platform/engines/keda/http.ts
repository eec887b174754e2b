import type { WorkloadModel } from "../../../app/model/types";
import type { Capabilities } from "../../../app/objects/context";

/** The Service behind which requests wait while a workload wakes. */
export const interceptor = { name: "keda-add-ons-http-interceptor-proxy", namespace: "keda", port: 8080 } as const;

/** Address of the program that tells KEDA how many requests are under way. */
const scalerAddress = "keda-add-ons-http-external-scaler.keda:9090";

/** Whether requests to a workload go through the interceptor, which counts them and holds them while nothing runs. */
export function isIntercepted(workload: WorkloadModel, capabilities: Capabilities): boolean {
  return capabilities.autoscaling === true && httpTrigger(workload) !== undefined;
}

/** The requests that one replica should carry, as the add-on has it; nothing for a workload that doesn't scale on requests. */
export function requestTargets(workload: WorkloadModel):
  | {
      concurrency?: { targetValue: number };
      requestRate?: { targetValue: number; window: string; granularity: string };
    }
  | undefined {
  if (!("scale" in workload) || !("ports" in workload)) return undefined;
  const { on } = workload.scale;
  const concurrency = on.find((trigger) => "concurrency" in trigger)?.concurrency;
  const rps = on.find((trigger) => "rps" in trigger)?.rps;
  if (concurrency === undefined && rps === undefined) return undefined;
  return {
    ...(concurrency === undefined ? {} : { concurrency: { targetValue: Math.max(1, Math.round(concurrency)) } }),
    ...(rps === undefined
      ? {}
      : { requestRate: { targetValue: Math.max(1, Math.round(rps)), window: "10s", granularity: "1s" } }),
  };
}

/** KEDA's trigger of a workload that scales on requests. */
export function httpTrigger(workload: WorkloadModel): Record<string, unknown> | undefined {
  if (requestTargets(workload) === undefined) return undefined;
  return { type: "external-push", metadata: { scalerAddress, interceptorRoute: workload.objectName } };
}
