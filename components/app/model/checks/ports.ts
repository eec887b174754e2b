import { portOf, settlePorts } from "../ports";
import type { PortModel } from "../types";
import type { Checked } from "./check";

/** Ports are there once, and fields that name one name one that is there. */
export function checkPorts({ workload, report }: Checked): void {
  if (!("ports" in workload)) return;
  const ports = settlePorts(workload);
  checkOnce(ports, report);
  if (!("expose" in workload)) return;
  workload.expose.forEach(({ port }, index) => {
    if (portOf(ports, port) !== undefined) return;
    const path = ["expose", index, ...(port === undefined ? [] : ["port"])];
    if (ports.length === 0) {
      report(
        "PORT_UNKNOWN",
        path,
        `expose[${index}] has no port behind it: the workload listens on none.`,
        "Give the workload a `port`.",
      );
      return;
    }
    const known = ports.map((one) => `${one.name} (${one.port})`).join(", ");
    report(
      "PORT_UNKNOWN",
      path,
      `expose[${index}].port is ${JSON.stringify(port)}, and the workload has no such port.`,
      `Take one of ${known}.`,
    );
  });
}

function checkOnce(ports: readonly PortModel[], report: Checked["report"]): void {
  const byNumber = new Map<string, PortModel>();
  const byName = new Map<string, PortModel>();
  ports.forEach((port) => {
    const transport = port.protocol === "udp" ? "udp" : "tcp";
    const path = ["ports", port.name];
    const other = byNumber.get(`${port.port}/${transport}`);
    if (other !== undefined) {
      const message = `port ${port.port} is there twice, as "${other.name}" and as "${port.name}".`;
      report("PORT_DUPLICATE", path, message, "Keep one of them, or give one another number.");
    } else if (byName.has(port.name)) {
      const message = `ports.${port.name} bears the name that the main port has, which is named after its protocol.`;
      report("PORT_DUPLICATE", path, message, "Give it another name.");
    }
    byNumber.set(`${port.port}/${transport}`, port);
    byName.set(port.name, port);
  });
}
