import type { FieldPath } from "../../../input/path";
import type { ScaleTrigger } from "../../definition/scale";
import { scaleLimits } from "../../definition/scale";
import { type WholeDuration, toSeconds } from "../../../kube/units";
import {
  countsRequests,
  latencyWindow,
  type SettledScale,
  scalingOf,
  settleScale,
  speaksHttp,
  tellsReplicasApart,
  wakes,
} from "../scale";
import type { Settled } from "../settle";
import type { Checked } from "./check";
import { checkColdStart } from "./cold-start";
import { checkTriggerEngines } from "./scale-engines";
import { checkQueues } from "./queue";

type Scaled = Extract<Settled, { kind: "service" | "worker" }>;

/** Bounds and triggers that can't be carried out together. */
export function checkScale(checked: Checked): void {
  const { workload, report, input } = checked;
  if (workload.kind === "job") {
    checkQueues(checked, workload.scale?.on ?? []);
    checkTriggerEngines(checked, workload.scale?.on ?? [], true);
    return;
  }
  if (workload.kind !== "service" && workload.kind !== "worker") return;
  if (workload.replicas !== undefined && workload.scale !== undefined) {
    report("FIELD_CONFLICT", ["replicas"], "replicas and scale are both given.", "Keep one of them.");
    return;
  }
  const scale = settleScale(workload, scalingOf(input.stack));
  checkBounds(workload, scale, report);
  checkWindows(workload, report);
  checkTriggers(workload, scale, report);
  checkQueues(checked, scale.on);
  checkTriggerEngines(checked, scale.on, false);
  checkColdStart(checked, workload, scale);
}

type Report = Checked["report"];

function checkBounds({ scale: written }: Scaled, { min, max, on }: SettledScale, report: Report): void {
  const conflict = (path: FieldPath, message: string, fix: string): void => {
    report("FIELD_CONFLICT", ["scale", ...path], message, fix);
  };
  if (written?.min !== undefined && written.max !== undefined && written.min > written.max) {
    const message = `scale.min (${written.min}) is above scale.max (${written.max}).`;
    conflict(["min"], message, "Raise max or lower min.");
    return;
  }
  const fallback = written?.fallback?.replicas;
  if (fallback !== undefined && fallback > max) {
    const message = `scale.fallback.replicas (${fallback}) is above scale.max (${max}).`;
    conflict(["fallback", "replicas"], message, "Raise max or lower fallback.replicas.");
  }
  if (fallback !== undefined && fallback < min) {
    const message = `scale.fallback.replicas (${fallback}) is below scale.min (${min}).`;
    conflict(["fallback", "replicas"], message, "Raise fallback.replicas or lower min.");
  }
  if (min === 0 && on.length > 0 && !on.some(wakes)) {
    const why = on.some((trigger) => "latency" in trigger)
      ? "a sleeping workload answers nobody, so it has no latency."
      : "a sleeping workload uses no CPU and no memory.";
    conflict(
      ["min"],
      `scale.min is 0, and nothing in scale.on would ever wake it: ${why}`,
      "Add { concurrency: … }, { queue: … } or { cron: … }, or raise min to 1.",
    );
  }
}

function checkWindows({ scale }: Scaled, report: Report): void {
  const longest = (value: WholeDuration | undefined, limit: number, path: FieldPath): void => {
    if (value === undefined || toSeconds(value) <= limit) return;
    const message = `scale.${path.join(".")} is "${value}", and Kubernetes takes at most ${limit / 60}m.`;
    report("FIELD_RANGE", ["scale", ...path], message, `Write "${limit / 60}m" or less.`);
  };
  for (const direction of ["up", "down"] as const) {
    longest(scale?.window?.[direction], scaleLimits.window, ["window", direction]);
    const step = scale?.step?.[direction];
    longest(step?.every, scaleLimits.step, ["step", direction, "every"]);
    if (step?.every === undefined || toSeconds(step.every) > 0) continue;
    const message = `scale.step.${direction}.every is "${step.every}": a step takes time.`;
    report("FIELD_RANGE", ["scale", "step", direction, "every"], message, 'Write "1s" or more.');
  }
}

function checkTriggers(workload: Scaled, scale: SettledScale, report: Report): void {
  const seen = new Set<string>();
  scale.on.forEach((trigger, index) => {
    const [kind = ""] = Object.keys(trigger);
    const conflict = (message: string, fix: string): void => {
      report("FIELD_CONFLICT", ["scale", "on", index], `scale.on[${index}] ${message}`, fix);
    };
    if (seen.has(kind) && !["queue", "cron", "promql"].includes(kind))
      conflict(`is a second target for ${kind}.`, "Keep one of them.");
    seen.add(kind);
    checkRequests(workload, trigger, conflict);
    checkReplicas(workload, trigger, conflict);
    if ("latency" in trigger) checkLatency(workload, scale, index, report);
    if ("cron" in trigger) {
      const { start, end, replicas } = trigger.cron;
      if (start === end) conflict(`begins and ends with "${start}".`, "Give it an end of its own.");
      if (replicas > scale.max)
        conflict(`wants ${replicas} replicas, and scale.max is ${scale.max}.`, "Raise max or lower the replicas.");
    }
  });
}

function checkRequests(
  workload: Scaled,
  trigger: ScaleTrigger,
  conflict: (message: string, fix: string) => void,
): void {
  if (!countsRequests(trigger) && !("latency" in trigger)) return;
  if (workload.kind === "worker" || workload.port === undefined) {
    const message = `counts requests, and the ${workload.kind} listens on no port.`;
    conflict(message, "Give it a `port`, or scale on something else.");
  } else if (!speaksHttp(workload.protocol)) {
    const message = `counts requests, and nobody sees them in ${workload.protocol}.`;
    conflict(message, "Write `protocol: http` or `grpc`, or scale on something else.");
  }
}

/** What counts requests stands between the gateway and the replicas, and then the gateway can't tell one from another. */
function checkReplicas(
  workload: Scaled,
  trigger: ScaleTrigger,
  conflict: (message: string, fix: string) => void,
): void {
  if (workload.kind !== "service" || !countsRequests(trigger)) return;
  const traffic = workload.expose.flatMap((one) => ("host" in one ? [one.traffic] : [])).find(tellsReplicasApart);
  if (traffic === undefined) return;
  const field = traffic.circuitBreaker?.errors === undefined ? "sticky" : "circuitBreaker.errors";
  const message = `counts requests before the gateway knows their replica, which traffic.${field} of an address is about.`;
  conflict(message, `Scale on cpu or latency with min 1 or more, or take ${field} out.`);
}

function checkLatency(workload: Scaled, { min, cooldown }: SettledScale, index: number, report: Report): void {
  if (workload.kind === "service" && workload.port !== undefined && !workload.expose.some((one) => "host" in one)) {
    const message = `scale.on[${index}] is measured at the gateway, and the ${workload.kind} has no host there.`;
    report(
      "FIELD_CONFLICT",
      ["scale", "on", index],
      message,
      'Add `expose: [{ host: "auto" }]`, or scale on something else.',
    );
  }
  if (min === 0 && cooldown < 2 * latencyWindow) {
    const message = `scale.cooldown is ${cooldown}s: too short to tell latency from cold starts.`;
    report(
      "FIELD_CONFLICT",
      ["scale", "cooldown"],
      message,
      `Write "${2 * latencyWindow}s" or more, or raise min to 1.`,
    );
  }
}
