import { settleScale } from "../settle";
import type { Checked } from "./check";

/** Bounds and triggers that can't be carried out together. */
export function checkScale({ workload, report }: Checked): void {
  if (workload.kind !== "service" && workload.kind !== "worker") return;
  if (workload.replicas !== undefined && workload.scale !== undefined) {
    report("FIELD_CONFLICT", ["replicas"], "replicas and scale are both given.", "Keep one of them.");
    return;
  }
  const { min, max, on } = settleScale(workload);
  if (min > max) {
    report(
      "FIELD_CONFLICT",
      ["scale", "min"],
      `scale.min (${min}) is above scale.max (${max}).`,
      "Raise max or lower min.",
    );
  }
  const port = workload.kind === "service" ? workload.port : undefined;
  on.forEach((trigger, index) => {
    const [kind = ""] = Object.keys(trigger);
    if (["rps", "concurrency", "latency"].includes(kind) && port === undefined) {
      const message = `scale.on[${index}] counts requests, and the ${workload.kind} listens on no port.`;
      report("FIELD_CONFLICT", ["scale", "on", index], message, "Give it a `port`, or scale on something else.");
    }
    if ("queue" in trigger && !Object.hasOwn(workload.links, trigger.queue.link)) {
      const message = `scale.on[${index}].queue.link is "${trigger.queue.link}", and the workload has no such link.`;
      report("LINK_UNKNOWN", ["scale", "on", index, "queue", "link"], message, "Add the link to `links`.");
    }
  });
  if (min === 0 && on.length > 0 && on.every((trigger) => "cpu" in trigger || "memory" in trigger)) {
    report(
      "FIELD_CONFLICT",
      ["scale", "min"],
      "scale.min is 0, and nothing in scale.on would ever wake it: a sleeping workload uses no CPU and no memory.",
      "Add { concurrency: … }, { queue: … } or { cron: … }, or raise min to 1.",
    );
  }
}
