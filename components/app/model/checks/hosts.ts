import type { Expose } from "../../definition/network";
import { type FieldPath, formatPath } from "../../../input/path";
import { automaticHost, portOf, settleExpose, settlePorts } from "../ports";
import type { ExposeModel } from "../types";
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
    const path = ["expose", index, fieldOf(written)];
    if ("host" in written && written.host !== "auto")
      checkHost(written, index, { automatic: automaticHost(app.app.name, name, domain), input, report });
    if ("tls" in written && written.tls !== "auto")
      checkDomain(written.tls, path, { automatic: automaticHost(app.app.name, name, domain), input, report });
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
      for (const address of addressesOf(settled)) {
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
    }
  });
}

function fieldOf(written: Expose): "host" | "l4" | "tls" {
  if ("host" in written) return "host";
  return "l4" in written ? "l4" : "tls";
}

function isWithin(port: number, { first, last }: { readonly first: number; readonly last: number }): boolean {
  return port >= first && port <= last;
}

/** What an address takes: a port, or for each of its rules the host with all that a request must have. */
function addressesOf(expose: ExposeModel): string[] {
  if (expose.type === "layer4") return [`port ${expose.address ?? 0}/${expose.protocol}`];
  if (expose.type === "passthrough") return [`${expose.host} by TLS`];
  return expose.rules.map(({ path, method, headers, query }) => {
    const place = typeof path === "string" ? path : "exact" in path ? `${path.exact} exactly` : `/${path.regex}/`;
    const more = Object.entries({ method, headers, query }).filter(([, value]) => value !== undefined);
    return `${expose.host}${place}${more.map(([field, value]) => ` with ${field} ${JSON.stringify(value)}`).join("")}`;
  });
}

interface HostContext extends Pick<Checked, "input" | "report"> {
  /** The host that the workload would get by itself. */
  readonly automatic: string;
}

/** A host that is written out lies in a domain of the stack, and has a certificate. */
function checkHost(
  { host, certificate }: { readonly host: string; readonly certificate?: string },
  index: number,
  context: HostContext,
): void {
  const { input, report } = context;
  const { domain, capabilities } = input.stack;
  const path = ["expose", index, "host"];
  if (!checkDomain(host, path, context) || certificate !== undefined || capabilities?.certificates === true) return;
  if (host.replace(/^[^.]+\./, "") === domain) return;
  const message = `expose[${index}].host is "${host}", and the certificate of the stack is for hosts directly below "${domain}".`;
  report(
    "HOST_UNCERTIFIED",
    path,
    message,
    'Name a Secret with its certificate in `certificate`, take another host, or add "cert-manager" to the engines of the stack.',
  );
}

/** Whether a host lies in a domain of the stack; one that doesn't is reported. */
function checkDomain(host: string, path: FieldPath, { automatic, input, report }: HostContext): boolean {
  const { domain, domains = [] } = input.stack;
  if ([domain, ...domains].some((one) => host.endsWith(`.${one}`) || (host === one && one !== domain))) return true;
  const known = domains.length === 0 ? "the domain" : "the first domain";
  const message = `${formatPath(path)} is "${host}", which is outside "${domain}", ${known} of the stack.`;
  report("HOST_FOREIGN", path, message, `Take a host below it, for example "${automatic}".`);
  return false;
}
