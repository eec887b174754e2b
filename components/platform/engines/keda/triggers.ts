import type { ScaleTrigger } from "../../../app/definition/scale";
import type { ScaleModel, ServiceModel, WorkerModel } from "../../../app/model/types";
import { toMilliseconds, toPercent } from "../../../kube/units";
import { prometheusAddress } from "../prometheus/names";
import { latencyQuery } from "./latency";

/** KEDA's words for a trigger; nothing for those on requests, which the HTTP add-on carries out. */
export function kedaTrigger(
  trigger: ScaleTrigger,
  workload: ServiceModel | WorkerModel,
): Record<string, unknown> | undefined {
  if ("cpu" in trigger) return resource("cpu", trigger.cpu);
  if ("memory" in trigger) return resource("memory", trigger.memory);
  if ("cron" in trigger) {
    const { start, end, timezone, replicas } = trigger.cron;
    return { type: "cron", metadata: { start, end, timezone, desiredReplicas: String(replicas) } };
  }
  if ("queue" in trigger) return queueTrigger(trigger, workload.scale.queues);
  if ("promql" in trigger) return query("AverageValue", trigger.promql.query, trigger.promql.threshold);
  if ("latency" in trigger && workload.kind === "service") return latency(trigger.latency, workload);
  return undefined;
}

function resource(type: "cpu" | "memory", value: string): Record<string, unknown> {
  return value.endsWith("%")
    ? { type, metricType: "Utilization", metadata: { value: String(toPercent(value as `${number}%`)) } }
    : { type, metricType: "AverageValue", metadata: { value } };
}

type Latency = Extract<ScaleTrigger, { latency: unknown }>["latency"];

/** Latency is not shared out among replicas, so it is compared as it is: twice the target asks for twice the replicas. */
function latency(target: Latency, workload: ServiceModel): Record<string, unknown> {
  const [quantile, text] = "p95" in target ? [0.95, target.p95] : [0.99, target.p99];
  const milliseconds = toMilliseconds(text);
  return query("Value", latencyQuery(workload, quantile, milliseconds), milliseconds);
}

/** A query without a result is a measurement that is missing, not zero: else all replicas would go with the metrics store. */
function query(metricType: "Value" | "AverageValue", text: string, threshold: number): Record<string, unknown> {
  return {
    type: "prometheus",
    metricType,
    metadata: {
      serverAddress: prometheusAddress,
      query: text,
      threshold: String(threshold),
      ignoreNullValues: "false",
    },
  };
}

/** Messages that wait for a JetStream consumer, read from the monitoring port of the linked NATS server. */
export function queueTrigger(
  { queue: { link, name, length } }: Extract<ScaleTrigger, { queue: unknown }>,
  queues: ScaleModel["queues"],
): Record<string, unknown> {
  const [stream = "", consumer = ""] = name.split("/");
  return {
    type: "nats-jetstream",
    metadata: {
      natsServerMonitoringEndpoint: queues[link] ?? "",
      account: "$G",
      stream,
      consumer,
      lagThreshold: String(length),
      activationLagThreshold: "0",
    },
  };
}
