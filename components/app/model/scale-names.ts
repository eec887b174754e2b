import type { ScaleTrigger } from "../definition/scale";
import { fullLink, targetKey, type Targets } from "./links";
import { monitoringPort } from "./ports";
import type { SettledScale } from "./scale";
import type { Settled } from "./settle";
import type { ScaleModel } from "./types";

interface Names {
  readonly app: string;
  readonly targets: Targets;
}

/** A scale with what its names stand for. */
export function followed(scale: SettledScale, workload: Settled, context: Names): ScaleModel {
  const { fallback, ...coldStart } = scale.coldStart;
  const target = fallback === undefined ? undefined : context.targets.get(targetKey(context.app, fallback));
  const [port] = target?.ports ?? [];
  return {
    ...scale,
    queues: queuesOf(scale.on, workload, context),
    coldStart: {
      ...coldStart,
      ...(target === undefined || port === undefined
        ? {}
        : { fallback: { service: target.serviceName, port: port.port } }),
    },
  };
}

/** Where the length of each queue is read that a workload scales on. */
export function queuesOf(on: readonly ScaleTrigger[], { links }: Settled, context: Names): Record<string, string> {
  const queues = on.flatMap((trigger) => {
    const link = "queue" in trigger ? links[trigger.queue.link] : undefined;
    const target = link === undefined ? undefined : context.targets.get(fullLink(link, context.app).to);
    const port = target?.ports.find(({ name }) => name === monitoringPort);
    if (!("queue" in trigger) || target === undefined || port === undefined) return [];
    return [[trigger.queue.link, `${target.serviceName}.${target.namespace}.svc:${port.port}`] as const];
  });
  return Object.fromEntries(queues);
}
