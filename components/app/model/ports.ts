import type { Expose, Protocol } from "../definition/network";
import type { Workload } from "../definition/workload";
import { entryDefaults } from "../definition/defaults";
import { dnsLabelLimit, joinName } from "../../kube/names";
import type { Settled } from "./settle";
import type { RouteRule } from "../definition/routes";
import type { ExposeModel, PortModel, RuleModel } from "./types";

type Listening = Extract<Settled, { kind: "service" | "stateful" | "daemon" }>;

/** Whether a workload is of a kind that others may call. */
export function listens(
  workload: Workload,
): workload is Extract<Workload, { kind: "service" | "stateful" | "daemon" }> {
  return workload.kind === "service" || workload.kind === "stateful" || workload.kind === "daemon";
}

/** Every port of a workload; the main one comes first and bears the name of its protocol. */
export function settlePorts(workload: Pick<Listening, "port" | "protocol" | "ports">): PortModel[] {
  const main =
    workload.port === undefined
      ? []
      : [{ name: mainPortName(workload.protocol), port: workload.port, protocol: workload.protocol }];
  const others = Object.entries(workload.ports).map(([name, written]) =>
    typeof written === "number"
      ? { name, port: written, protocol: "tcp" as Protocol }
      : { name, port: written.port, protocol: written.protocol ?? ("tcp" as Protocol) },
  );
  return [...main, ...others.sort((left, right) => (left.name < right.name ? -1 : 1))];
}

/** Name of the port at which a queue tells how much waits in it. */
export const monitoringPort = "monitor";

/** The main port's name: what is spoken on it. */
export function mainPortName(protocol: Protocol): string {
  return protocol;
}

/** A port by number or name; the main one where nothing is named. */
export function portOf(ports: readonly PortModel[], wanted: number | string | undefined): PortModel | undefined {
  if (wanted === undefined) return ports[0];
  return ports.find(({ name, port }) => name === wanted || port === wanted);
}

/** `<workload>-<app>.<domain>`; a longer first label is cut to what DNS allows and keeps a hash. */
export function automaticHost(app: string, workload: string, domain: string): string {
  return `${joinName([workload, app], dnsLabelLimit)}.${domain}`;
}

/** Settles the addresses of a workload; those that name no port it has are left out, for checks report them. */
export function settleExpose(
  written: readonly Expose[],
  ports: readonly PortModel[],
  names: { app: string; workload: string; domain: string },
  given: Readonly<Record<string, number>>,
): ExposeModel[] {
  return written.flatMap((one): ExposeModel[] => {
    const port = portOf(ports, one.port);
    if (port === undefined) return [];
    if ("host" in one) {
      const host = one.host === "auto" ? automaticHost(names.app, names.workload, names.domain) : one.host;
      const rules = (one.routes ?? [{}]).map((rule) => settleRule(rule, one.path ?? entryDefaults.expose.path));
      return [
        {
          type: "route",
          host,
          path: one.path ?? entryDefaults.expose.path,
          port,
          rules,
          traffic: one.traffic ?? {},
          ...(one.certificate === undefined ? {} : { certificate: one.certificate }),
          ...(one.clientCertificates === undefined ? {} : { clientCertificates: one.clientCertificates }),
        },
      ];
    }
    if ("tls" in one) {
      const host = one.tls === "auto" ? automaticHost(names.app, names.workload, names.domain) : one.tls;
      return [{ type: "passthrough", host, port }];
    }
    const protocol = one.protocol ?? (port.protocol === "udp" ? "udp" : entryDefaults.layer4.protocol);
    const address = one.l4 === "auto" ? given[port.name] : one.l4;
    return [
      {
        type: "layer4",
        ...(address === undefined ? {} : { address }),
        protocol,
        port,
        ...(one.allow === undefined ? {} : { allow: one.allow }),
        ...(one.connections === undefined ? {} : { connections: one.connections }),
      },
    ];
  });
}

function settleRule({ to, ...rule }: RouteRule, path: string): RuleModel {
  const weights = typeof to === "string" ? { [to]: 1 } : (to ?? {});
  return { ...rule, path: rule.path ?? path, to: weights };
}
