import type { SourcedDefinition } from "../../components/app/model/input";
import { type AutomaticPort, type PortRequests, portRequests } from "../../components/app/model/port-requests";
import type { Release } from "../../components/app/release";
import { PetrichorError } from "../../components/errors";
import { formatPath } from "../../components/input/path";
import { allocatePorts, type PortAllocation } from "../../components/platform/ports/allocate";
import type { Stack } from "../stack";

/** A release in which every address with an automatic port has one. */
export interface GivenPorts {
  readonly release: Release;
  /** Addresses that the release file gave no port. */
  readonly fresh: readonly AutomaticPort[];
}

/**
 * Gives ports to addresses that have none, and lets ports rest whose workloads are gone. Pure.
 * @param definitions every app that runs in the environment, on any of its clusters
 * @throws PetrichorError PORT_POOL_FULL
 */
export function givePorts(definitions: readonly SourcedDefinition[], stack: Stack, release: Release): GivenPorts {
  const requests = requestsOf(definitions, stack);
  const previous: PortAllocation = { given: givenIn(release), resting: release.resting };
  const holders = requests.automatic.map(holderOf);
  const result = allocatePorts({ pool: stack.ports, holders, reserved: requests.fixed, previous });
  const [refused] = requests.automatic.filter((one) => result.refused.includes(holderOf(one)));
  if (refused !== undefined) throw poolFull(refused, stack);
  return {
    release: { ...release, apps: withPorts(release.apps, result.given), resting: [...result.resting] },
    fresh: requests.automatic.filter((one) => !Object.hasOwn(previous.given, holderOf(one))),
  };
}

/** The error for a stack whose release file is reviewed, and gives no port. */
export function unallocated({ file, app, workload, path }: AutomaticPort, { environment }: Stack): PetrichorError {
  const field = formatPath(path);
  return new PetrichorError(
    "PORT_UNALLOCATED",
    `${field} is "auto", and releases/${environment}.yaml gives it no port yet.`,
    `Run \`petrichor lock ${environment}\` and commit what it writes.`,
    { file, app, workload, field },
  );
}

/** Most apps ask for no port; only those that do are read twice. */
function requestsOf(definitions: readonly SourcedDefinition[], stack: Stack): PortRequests {
  const overridden = mentionsPort(stack.overrides);
  const asking = definitions.filter(({ definition }) => overridden || mentionsPort(definition));
  return portRequests({ definitions: asking, stack });
}

function mentionsPort(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "l4") || Object.values(value).some(mentionsPort);
}

function holderOf({ app, workload, port }: Pick<AutomaticPort, "app" | "workload" | "port">): string {
  return `${app}/${workload}/${port}`;
}

function givenIn({ apps }: Release): Record<string, number> {
  return Object.fromEntries(
    Object.entries(apps).flatMap(([app, workloads]) =>
      Object.entries(workloads).flatMap(([workload, { ports = {} }]) =>
        Object.entries(ports).map(([port, number]) => [holderOf({ app, workload, port }), number] as const),
      ),
    ),
  );
}

function withPorts(apps: Release["apps"], given: PortAllocation["given"]): Release["apps"] {
  const next: Release["apps"] = {};
  for (const [app, workloads] of Object.entries(apps)) {
    next[app] = Object.fromEntries(
      Object.entries(workloads).map(([workload, entry]) => {
        const rest = { ...entry };
        delete rest.ports;
        return [workload, rest];
      }),
    );
  }
  for (const [holder, number] of Object.entries(given)) {
    const [app = "", workload = "", port = ""] = holder.split("/");
    const entry = ((next[app] ??= {})[workload] ??= {});
    (entry.ports ??= {})[port] = number;
  }
  return next;
}

function poolFull({ file, app, workload, path }: AutomaticPort, { ports, environment }: Stack): PetrichorError {
  const field = formatPath(path);
  return new PetrichorError(
    "PORT_POOL_FULL",
    `${field} is "auto", and no port from ${ports.first} to ${ports.last} is left.`,
    `Widen \`ports\` in stacks/${environment}.ts.`,
    { file, app, workload, field },
  );
}
