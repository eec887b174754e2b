import { automaticHost, portOf, settleExpose, settlePorts } from "../ports";
import type { Checked } from "./check";

/** Addresses that were given out so far: key → who has it. */
export type Taken = Map<string, string>;

/** Hosts belong to the stack, and every address has one owner in it. */
export function checkHosts({ app, name, workload, input, report }: Checked, taken: Taken): void {
  if (!("expose" in workload)) return;
  const { domain } = input.stack;
  const ports = settlePorts(workload);
  const who = `${app.app.name}/${name}`;
  const given = input.release.apps[app.app.name]?.[name]?.ports ?? {};
  workload.expose.forEach((written, index) => {
    const path = ["expose", index, "host" in written ? "host" : "l4"];
    if ("host" in written && written.host !== "auto" && !written.host.endsWith(`.${domain}`)) {
      report(
        "HOST_FOREIGN",
        path,
        `expose[${index}].host is "${written.host}", which is outside "${domain}", the domain of the stack.`,
        `Take a host below it, for example "${automaticHost(app.app.name, name, domain)}".`,
      );
    }
    const pool = input.stack.ports;
    if ("l4" in written && written.l4 !== "auto" && pool !== undefined && !isWithin(written.l4, pool)) {
      report(
        "PORT_OUTSIDE_POOL",
        path,
        `expose[${index}].l4 is ${written.l4}, which is outside the ports of the stack, ${pool.first} to ${pool.last}.`,
        'Take one of these, or write "auto".',
      );
    }
    if (portOf(ports, written.port) === undefined) return;
    for (const settled of settleExpose([written], ports, { app: app.app.name, workload: name, domain }, given)) {
      if (settled.type === "layer4" && settled.address === undefined) continue;
      const address =
        settled.type === "route"
          ? `${settled.host}${settled.path}`
          : `port ${settled.address ?? 0}/${settled.protocol}`;
      const owner = taken.get(address);
      taken.set(address, owner ?? who);
      if (owner === undefined) continue;
      const other = owner === who ? "this workload asks for twice" : `workload "${owner}" has already`;
      report(
        "HOST_TAKEN",
        path,
        `expose[${index}] asks for ${address}, which ${other}.`,
        "Give one of them another address.",
      );
    }
  });
}

function isWithin(port: number, { first, last }: { readonly first: number; readonly last: number }): boolean {
  return port >= first && port <= last;
}
