import type { ScaleTrigger } from "../../../app/definition/scale";
import type { WorkloadModel } from "../../../app/model/types";
import { PetrichorError } from "../../../errors";
import { toPercent } from "../../../kube/units";

/** KEDA's words for a trigger; nothing for those on requests, which the HTTP add-on carries out. */
export function kedaTrigger(trigger: ScaleTrigger, workload: WorkloadModel): Record<string, unknown> | undefined {
  if ("cpu" in trigger) return resource("cpu", trigger.cpu);
  if ("memory" in trigger) return resource("memory", trigger.memory);
  if ("cron" in trigger) {
    const { start, end, timezone, replicas } = trigger.cron;
    return { type: "cron", metadata: { start, end, timezone, desiredReplicas: String(replicas) } };
  }
  if ("queue" in trigger) return queue(trigger.queue, workload);
  if ("latency" in trigger || "promql" in trigger) throw withoutMetrics(trigger, workload);
  return undefined;
}

function resource(type: "cpu" | "memory", value: string): Record<string, unknown> {
  return value.endsWith("%")
    ? { type, metricType: "Utilization", metadata: { value: String(toPercent(value as `${number}%`)) } }
    : { type, metricType: "AverageValue", metadata: { value } };
}

function withoutMetrics(trigger: ScaleTrigger, { app, name }: WorkloadModel): PetrichorError {
  const [kind = ""] = Object.keys(trigger);
  return new PetrichorError(
    "ENGINE_LACKING",
    `scale.on: "${kind}" is read from a metrics store, and the platform has none yet.`,
    'Scale on "rps", "concurrency" or "cpu".',
    { app, workload: name, field: "scale.on" },
  );
}

/** Messages that wait for a JetStream consumer, read from the monitoring port of the linked NATS server. */
function queue(
  { link, name, length }: Extract<ScaleTrigger, { queue: unknown }>["queue"],
  workload: WorkloadModel,
): Record<string, unknown> {
  const [stream = "", consumer = ""] = name.split("/");
  const host = workload.container.env.find((variable) => variable.name === `${link}_HOST` && "value" in variable);
  const server = host !== undefined && "value" in host ? host.value : "";
  return {
    type: "nats-jetstream",
    metadata: {
      natsServerMonitoringEndpoint: `${server}:8222`,
      account: "$G",
      stream,
      consumer,
      lagThreshold: String(length),
      activationLagThreshold: "0",
    },
  };
}
