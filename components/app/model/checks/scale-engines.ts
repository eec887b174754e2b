import type { ScaleTrigger } from "../../definition/scale";
import type { Capabilities } from "../capabilities";
import { countsRequests } from "../scale";
import type { Checked } from "./check";

/** What has to be there for a trigger, and the engine that brings it. */
function lacking(trigger: ScaleTrigger, capabilities: Capabilities): [what: string, engine: string] | undefined {
  if (countsRequests(trigger) && capabilities.buffering === undefined)
    return ["counted on their way to the workload", "keda-http-add-on"];
  const measured = "latency" in trigger || "promql" in trigger;
  if (measured && capabilities.measurements !== true) return ["kept in a metrics store", "prometheus"];
  if ("latency" in trigger && capabilities.gateway !== true) return ["measured at a gateway", "envoy-gateway"];
  return undefined;
}

/** Triggers that no engine of the stack carries out. Where nothing scales, a workload stays at `scale.min`; what is `needed` is refused. */
export function checkTriggerEngines({ input, report }: Checked, on: readonly ScaleTrigger[], needed: boolean): void {
  const { capabilities = {} } = input.stack;
  if (capabilities.autoscaling !== true) {
    if (!needed || on.length === 0) return;
    const message = "scale starts runs for what waits in a queue, and nothing in this stack does that.";
    report("ENGINE_LACKING", ["scale"], message, 'Add "keda" to the engines of the stack.');
    return;
  }
  on.forEach((trigger, index) => {
    const lack = lacking(trigger, capabilities);
    if (lack === undefined) return;
    const [kind = ""] = Object.keys(trigger);
    const message = `scale.on[${index}]: "${kind}" has to be ${lack[0]}, and nothing in this stack does that.`;
    report("ENGINE_LACKING", ["scale", "on", index], message, `Add "${lack[1]}" to the engines of the stack.`);
  });
}
