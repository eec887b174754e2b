import type { ScaleTrigger } from "../../definition/scale";
import { fullLink } from "../links";
import { listens, monitoringPort, settlePorts } from "../ports";
import type { Checked } from "./check";

/** Queues are read through links, at a port that tells how much waits. */
export function checkQueues({ app, workload, apps, report }: Checked, on: readonly ScaleTrigger[]): void {
  on.forEach((trigger, index) => {
    if (!("queue" in trigger)) return;
    const { link } = trigger.queue;
    const path = ["scale", "on", index, "queue", "link"];
    const written = workload.links[link];
    if (written === undefined) {
      const message = `scale.on[${index}].queue.link is "${link}", and the workload has no such link.`;
      report("LINK_UNKNOWN", path, message, "Add the link to `links`.");
      return;
    }
    const [targetApp = "", name = ""] = fullLink(written, app.app.name).to.split("/");
    const target = apps.get(targetApp)?.settled.get(name);
    // A link that leads nowhere is reported already.
    if (target === undefined || !listens(target)) return;
    if (settlePorts(target).some((port) => port.name === monitoringPort)) return;
    const message = `scale.on[${index}] reads the queue "${name}", which has no port named "${monitoringPort}".`;
    report("PORT_UNKNOWN", path, message, `Add it there: \`ports: { ${monitoringPort}: 8222 }\`.`);
  });
}
