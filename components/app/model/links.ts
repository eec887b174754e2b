import { entryDefaults } from "../definition/defaults";
import type { Links, Protocol } from "../definition/network";
import type { Kind } from "../definition/workload";
import { joinName } from "../../kube/names";
import { portOf } from "./ports";
import type { EdgeModel, PortModel, SecretKey, SecretOrigin, VariableModel } from "./types";

/** What those who call a workload need to know of it. */
export interface Target {
  readonly app: string;
  readonly namespace: string;
  readonly workload: string;
  readonly kind: Kind;
  readonly serviceName: string;
  readonly ports: readonly PortModel[];
  readonly connection: Readonly<Record<string, string | { generate: { length?: number } }>>;
  /** Host at which requests to the main port are counted, and held while nothing runs. Absent: they go straight to the replicas. */
  readonly entrance?: string;
}

export type Targets = ReadonlyMap<string, Target>;

export function targetKey(app: string, workload: string): string {
  return `${app}/${workload}`;
}

/** A link in full. */
export interface FullLink {
  readonly to: string;
  readonly port?: string;
  readonly wait: boolean;
}

export function fullLink(link: Links[string], app: string): FullLink {
  const written = typeof link === "string" ? { to: link } : link;
  const to = written.to.includes("/") ? written.to : targetKey(app, written.to);
  return { ...written, to, wait: written.wait ?? entryDefaults.link.wait };
}

/** Name of the Secret with the generated connection values of a workload. */
export function connectionSecret(serviceName: string): string {
  return joinName([serviceName, "connection"]);
}

export interface SettledLink {
  readonly edge: EdgeModel;
  readonly variables: readonly VariableModel[];
  /** Secrets of another app that this one needs a copy of, by key of the copy. */
  readonly copies: Readonly<Record<string, SecretOrigin>>;
}

/** Settles one link to a target that is there; `copySecret` is the Secret that copies from other apps go to. */
export function settleLink(
  prefix: string,
  link: FullLink,
  target: Target,
  app: string,
  copySecret: string,
): SettledLink | undefined {
  const port = portOf(target.ports, link.port);
  if (port === undefined) return undefined;
  const buffered = target.entrance !== undefined && port === target.ports[0];
  const host = buffered ? target.entrance : `${target.serviceName}.${target.namespace}.svc`;
  const copies: Record<string, SecretOrigin> = {};
  const variables: VariableModel[] = [
    { name: `${prefix}_HOST`, value: host },
    { name: `${prefix}_PORT`, value: String(port.port) },
    { name: `${prefix}_URL`, value: `${scheme(port.protocol)}://${host}:${port.port}` },
  ];
  for (const [name, value] of Object.entries(target.connection)) {
    const variable = `${prefix}_${name.toUpperCase()}`;
    if (typeof value === "string") {
      variables.push({ name: variable, value });
      continue;
    }
    const origin: SecretKey = { name: connectionSecret(target.serviceName), key: name };
    if (target.app !== app) copies[variable] = { copy: { namespace: target.namespace, ...origin } };
    variables.push({ name: variable, secret: target.app === app ? origin : { name: copySecret, key: variable } });
  }
  const edge = {
    app: target.app,
    namespace: target.namespace,
    workload: target.workload,
    port,
    wait: link.wait,
    buffered,
  };
  return { edge, variables, copies };
}

function scheme(protocol: Protocol): string {
  return protocol;
}
