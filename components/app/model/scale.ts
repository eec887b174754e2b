import { scaleDefaults } from "../definition/defaults";
import type { JobScale, Scale, ScaleTrigger } from "../definition/scale";
import type { Traffic } from "../definition/traffic";
import type { WorkloadOf } from "../definition/workload";
import { toPercent, toSeconds, type WholeDuration } from "../../kube/units";
import type { Capabilities } from "./capabilities";
import type { StackInput } from "./input";
import type { Settled } from "./settle";
import type { JobModel, ScaleModel, StepModel } from "./types";

/** What of a stack scaling depends on. */
export interface ScalingContext {
  readonly capabilities: Capabilities;
  /** Fewest replicas of everything that scales, whatever the app says. */
  readonly floor: number;
}

/** What of a stack scaling depends on. */
export function scalingOf({ capabilities = {}, floor = 0 }: StackInput): ScalingContext {
  return { capabilities, floor };
}

/**
 * Seconds that latency is measured over. Cold starts are left out of it by looking only at such a time that another one with requests
 * went before: then the workload was awake all along.
 */
export const latencyWindow = 30;

/** A scale before the names in it are followed to what they name. */
export type SettledScale = Omit<ScaleModel, "queues" | "coldStart"> & {
  readonly coldStart: Omit<ScaleModel["coldStart"], "fallback"> & { readonly fallback?: string };
};

type Written = Pick<WorkloadOf<"service">, "replicas" | "scale" | "port" | "expose" | "volumes"> & {
  readonly protocol?: string;
};

/** Settles `replicas` and `scale` of a workload to one answer. */
export function settleScale(workload: Written, { capabilities, floor }: ScalingContext): SettledScale {
  const { scale = {}, replicas } = workload;
  if (replicas !== undefined) return { min: replicas, max: replicas, on: [], ...conduct(scale, replicas) };
  const bounds = settleBounds(workload, capabilities);
  const min = bounds.min === bounds.max ? bounds.min : Math.max(bounds.min, floor);
  const max = Math.max(bounds.max, min);
  const on = scale.on ?? (bounds.max <= bounds.min ? [] : [defaultTrigger(workload, bounds.min)]);
  return { min, max, on, ...conduct(scale, min) };
}

function settleBounds(workload: Written, capabilities: Capabilities): { min: number; max: number } {
  const { scale } = workload;
  const written = {
    ...(scale?.min === undefined ? {} : { min: scale.min }),
    ...(scale?.max === undefined ? {} : { max: scale.max }),
  };
  if (mayScaleByItself(workload, capabilities)) {
    const { min, max } = scaleDefaults.exposed;
    if (written.min === undefined) return { min, max: written.max ?? max };
  }
  const min = written.min ?? Math.min(scaleDefaults.min, written.max ?? scaleDefaults.min);
  return { min, max: written.max ?? Math.max(min, 1) };
}

/** Whether a workload scales from zero although nobody said so: it is exposed, its requests can be held, and replicas share nothing. */
function mayScaleByItself({ scale, protocol, port, expose, volumes }: Written, { buffering }: Capabilities): boolean {
  if (buffering === undefined || port === undefined || !speaksHttp(protocol)) return false;
  if (expose?.some((one) => "host" in one) !== true || expose.some((one) => !("host" in one))) return false;
  if (Object.values(volumes ?? {}).some((volume) => "size" in volume)) return false;
  if (expose.some((one) => "host" in one && tellsReplicasApart(one.traffic))) return false;
  return scale?.on === undefined || scale.on.some(wakes);
}

export function speaksHttp(protocol: string | undefined): boolean {
  return protocol === "http" || protocol === "grpc";
}

/** Whether the gateway has to know the replicas, and not what stands before them and counts requests. */
export function tellsReplicasApart(traffic: Traffic = {}): boolean {
  const { sticky = false, circuitBreaker } = traffic;
  return sticky !== false || circuitBreaker?.errors !== undefined;
}

/** Whether a trigger can be seen while nothing runs. */
export function wakes(trigger: ScaleTrigger): boolean {
  return !("cpu" in trigger || "memory" in trigger || "latency" in trigger);
}

/** Whether a trigger counts requests on their way to the workload. */
export function countsRequests(trigger: ScaleTrigger): boolean {
  return "rps" in trigger || "concurrency" in trigger;
}

/** Whether the requests of a workload are counted on their way, and held while nothing runs. */
export function isBuffered(scale: Pick<ScaleModel, "on">, { buffering }: Capabilities): boolean {
  return buffering !== undefined && scale.on.some(countsRequests);
}

/** Whether a workload may sleep, and requests to it are held until it is awake. */
export function isHeld(workload: Settled, scaling: ScalingContext): boolean {
  if (workload.kind !== "service") return false;
  const scale = settleScale(workload, scaling);
  return scale.min === 0 && isBuffered(scale, scaling.capabilities);
}

function defaultTrigger(workload: Written, min: number): ScaleTrigger {
  const answersHttp = workload.port !== undefined && speaksHttp(workload.protocol);
  return answersHttp && min === 0 ? { concurrency: scaleDefaults.concurrency } : { cpu: scaleDefaults.cpu };
}

/** How the number of replicas moves between its bounds. */
function conduct(scale: Scale, min: number): Omit<SettledScale, "min" | "max" | "on"> {
  const { window, step, cooldown, tolerance, fallback, coldStart = {} } = scale;
  const { placeholder, budget } = coldStart;
  return {
    window: {
      up: toSeconds(window?.up ?? scaleDefaults.window.up),
      down: toSeconds(window?.down ?? scaleDefaults.window.down),
    },
    step: { up: settleStep("up", step?.up), down: settleStep("down", step?.down) },
    cooldown: toSeconds(cooldown ?? scaleDefaults.cooldown),
    tolerance: toPercent(tolerance ?? scaleDefaults.tolerance),
    fallback: {
      replicas: fallback?.replicas ?? Math.max(min, 1),
      after: fallback?.after ?? scaleDefaults.fallback.after,
    },
    coldStart: {
      budget: toSeconds(budget ?? scaleDefaults.coldStart.budget),
      ...(placeholder === undefined ? {} : { placeholder: { ...scaleDefaults.placeholder, ...placeholder } }),
      ...(coldStart.fallback === undefined ? {} : { fallback: coldStart.fallback }),
      ...(coldStart.minWarm === undefined ? {} : { minWarm: coldStart.minWarm }),
    },
  };
}

type WrittenStep = NonNullable<NonNullable<Scale["step"]>["up"]>;

/** Who gives a limit means that one; the other's default doesn't widen it. */
function settleStep(direction: "up" | "down", written: WrittenStep = {}): StepModel {
  const defaults: { replicas?: number; percent?: number; every: WholeDuration } = scaleDefaults.step[direction];
  const limits = written.replicas === undefined && written.percent === undefined ? defaults : written;
  return {
    ...(limits.replicas === undefined ? {} : { replicas: limits.replicas }),
    ...(limits.percent === undefined ? {} : { percent: limits.percent }),
    every: toSeconds(written.every ?? defaults.every),
  };
}

/** Settles the runs of a job that follow a queue. */
export function settleJobScale(written: JobScale): Omit<NonNullable<JobModel["scale"]>, "queues"> {
  const { max, every } = scaleDefaults.job;
  return { max: written.max ?? max, on: written.on, every: toSeconds(written.every ?? every) };
}
