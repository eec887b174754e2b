import type { Kind, Workload, WorkloadOf } from "../definition/workload";
import { workloadDefaults } from "../definition/defaults";
import { overlay } from "./layers";

/** A workload whose every optional field has its default, still in the author's words. */
export type Settled<K extends Kind = Kind> = K extends Kind ? WorkloadOf<K> & (typeof workloadDefaults)[K] : never;

/** Fills in the defaults of a workload's kind. */
export function settle(workload: Workload): Settled {
  return overlay(workloadDefaults[workload.kind], workload) as Settled;
}
