import type { FieldPath } from "../../input/path";
import type { ResolveInput } from "./input";
import { listens, portOf, settlePorts } from "./ports";
import { Problems } from "./problems";
import { type ReadApp, readApp } from "./read";
import { settle } from "./settle";

/** An address whose port the platform chooses. */
export interface AutomaticPort {
  readonly file: string;
  readonly app: string;
  readonly workload: string;
  /** Name of the workload's port behind it. */
  readonly port: string;
  /** Where it is asked for. */
  readonly path: FieldPath;
}

/** What apps ask of the load balancer's ports. */
export interface PortRequests {
  readonly automatic: readonly AutomaticPort[];
  /** Ports that are asked for by number. */
  readonly fixed: readonly number[];
}

/** Reads which ports apps ask for. What is not well-formed is left out: resolving the apps reports it. Pure. */
export function portRequests({ definitions, stack }: Pick<ResolveInput, "definitions" | "stack">): PortRequests {
  const apps = definitions.flatMap((source) => readApp(source, stack, new Problems(stack)) ?? []);
  const requests = apps.flatMap(requestsOf);
  return {
    automatic: requests.flatMap((one) => (typeof one === "number" ? [] : [one])),
    fixed: requests.filter((one) => typeof one === "number"),
  };
}

function requestsOf({ source, app, workloads }: ReadApp): (AutomaticPort | number)[] {
  return [...workloads].flatMap(([name, written]) => {
    const workload = settle(written);
    if (!listens(workload) || !("expose" in workload)) return [];
    const ports = settlePorts(workload);
    return workload.expose.flatMap((one, index): (AutomaticPort | number)[] => {
      if (!("l4" in one)) return [];
      if (one.l4 !== "auto") return [one.l4];
      const port = portOf(ports, one.port);
      if (port === undefined) return [];
      return [{ file: source.file, app: app.name, workload: name, port: port.name, path: ["expose", index, "l4"] }];
    });
  });
}
