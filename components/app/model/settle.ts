import type { Kind, Workload, WorkloadOf } from "../definition/workload";
import { scaleDefaults, workloadDefaults } from "../definition/defaults";
import type { ScaleModel } from "./types";
import { overlay } from "./layers";

/** A workload whose every optional field has its default, still in the author's words. */
export type Settled<K extends Kind = Kind> = K extends Kind ? WorkloadOf<K> & (typeof workloadDefaults)[K] : never;

/** Fills in the defaults of a workload's kind. */
export function settle(workload: Workload): Settled {
  return overlay(workloadDefaults[workload.kind], workload) as Settled;
}

/** Settles `replicas` and `scale` of a workload to one answer. */
export function settleScale(
  workload: Pick<WorkloadOf<"service">, "replicas" | "scale" | "port"> & { protocol?: string },
): ScaleModel {
  if (workload.replicas !== undefined) return { min: workload.replicas, max: workload.replicas, on: [] };
  const min = workload.scale?.min ?? Math.min(scaleDefaults.min, workload.scale?.max ?? scaleDefaults.min);
  const max = workload.scale?.max ?? Math.max(min, 1);
  if (max <= min) return { min, max, on: workload.scale?.on ?? [] };
  return { min, max, on: workload.scale?.on ?? [defaultTrigger(workload, min)] };
}

function defaultTrigger(workload: { port?: number; protocol?: string }, min: number) {
  const answersHttp = workload.port !== undefined && (workload.protocol === "http" || workload.protocol === "grpc");
  return answersHttp && min === 0 ? { concurrency: scaleDefaults.concurrency } : { cpu: scaleDefaults.cpu };
}
