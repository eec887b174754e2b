import { entryDefaults, probeDefaults, quickReadiness } from "../definition/defaults";
import type { Probe, Probes, Resources } from "../definition/container";
import type { EnvironmentValue, SecretReference } from "../definition/environment";
import { joinName, shortHash } from "../../kube/names";
import { type Size, type WholeDuration, toSeconds } from "../../kube/units";
import type {
  CheckModel,
  FileModel,
  ProbeModel,
  ProbesModel,
  ResourcesModel,
  SecretKey,
  SecretOrigin,
  StoreOrigin,
  VariableModel,
} from "./types";

const fieldPaths = {
  "pod.name": "metadata.name",
  "pod.namespace": "metadata.namespace",
  "pod.ip": "status.podIP",
  "node.name": "spec.nodeName",
} as const;

/** Gathers the secrets that a workload's variables and files name, by the Secret that will hold them. */
export class SecretShelf {
  readonly made: Record<string, SecretOrigin> = {};
  readonly fetched: Record<string, StoreOrigin> = {};

  constructor(private readonly workload: string) {}

  /** Where the value of a reference will be found; `key` is unique in the workload. */
  place(reference: SecretReference, key: string): SecretKey {
    if ("secret" in reference) return { name: reference.secret, key: reference.key };
    if ("store" in reference) {
      this.fetched[key] = reference;
      return { name: this.fetchedName, key };
    }
    this.made[key] =
      "config" in reference
        ? { config: reference.config }
        : { generate: { length: reference.generate.length ?? entryDefaults.generate.length } };
    return { name: this.madeName, key };
  }

  /** Name of the Secret whose values the engine makes. */
  get madeName(): string {
    return joinName([this.workload, "secrets"]);
  }

  /** Name of the Secret that External Secrets fills. */
  get fetchedName(): string {
    return joinName([this.workload, "fetched"]);
  }
}

/** Settles environment variables, in alphabetical order; `prefix` tells the secrets of several containers apart. */
export function variables(
  env: Readonly<Record<string, EnvironmentValue>>,
  shelf: SecretShelf,
  prefix = "",
): VariableModel[] {
  return Object.entries(env)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => {
      if (typeof value === "string") return { name, value };
      if ("field" in value) return { name, fieldPath: fieldPaths[value.field] };
      return { name, secret: shelf.place(value, prefix + name) };
    });
}

/** Settles configuration files. Keys of a ConfigMap are flat, so each file gets one of its own. */
export function settleFiles(
  files: Readonly<Record<string, string | SecretReference>>,
  shelf: SecretShelf,
): FileModel[] {
  return Object.entries(files)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, content]) => {
      const key = fileKey(path);
      return {
        path,
        content: typeof content === "string" ? { text: content, key } : { secret: shelf.place(content, key) },
      };
    });
}

/** `etc.app.conf-1a2b3c4d`: readable, and different for `/a/b` and `/a.b`. */
export function fileKey(path: string): string {
  const readable = path
    .slice(1)
    .replaceAll(/[^-._a-zA-Z0-9]/g, ".")
    .slice(-200);
  return `${readable}-${shortHash(path)}`;
}

export function settleResources(
  written: Resources,
  defaults: { cpu: ResourcesModel["cpu"]; memory: Size },
): ResourcesModel {
  const memory = written.memory ?? defaults.memory;
  return {
    cpu: written.cpu ?? defaults.cpu,
    memory,
    ...(written.cpuLimit === undefined ? {} : { cpuLimit: written.cpuLimit }),
    memoryLimit: written.memoryLimit ?? memory,
  };
}

type ProbeName = keyof typeof probeDefaults;

/** What checks depend on beside the author's words. */
export interface ProbeSubject {
  readonly port?: number | undefined;
  readonly speaksUdp?: boolean;
  /** Whether requests wait for it while it starts. */
  readonly maySleep?: boolean;
}

/**
 * The checks in the author's words, with their timing. Where nothing is said and there is a port, it must accept connections; a readiness
 * check that is given serves as the start-up check too, but where requests wait: there readiness alone is looked at, every second.
 */
export function fullProbes(written: Probes, subject: ProbeSubject): Record<ProbeName, Probe> {
  const { port, speaksUdp = false } = subject;
  const readiness = written.readiness;
  const fallback: Probe = port === undefined || speaksUdp ? false : { tcp: true };
  const chosen: Record<ProbeName, Probe> = {
    startup: written.startup ?? (readiness === undefined || readiness === false ? fallback : checkOnly(readiness)),
    readiness: readiness ?? fallback,
    liveness: written.liveness ?? fallback,
  };
  const isQuick = startsQuickly(written, subject);
  const timing = isQuick ? { ...probeDefaults, readiness: quickReadiness } : probeDefaults;
  const timed = (Object.keys(chosen) as ProbeName[]).map((name) => {
    const probe = isQuick && name === "startup" ? false : chosen[name];
    return [name, probe === false ? false : { ...timing[name], ...probe }] as const;
  });
  return Object.fromEntries(timed) as Record<ProbeName, Probe>;
}

/**
 * Whether a start is seen as soon as it can be. The kubelet waits a second until it looks at a start-up check, and for readiness without one
 * it looks as soon as the container runs. What the author says of any of it counts; the liveness check gives a slow program its minute then.
 */
export function startsQuickly(
  { startup, readiness = { tcp: true }, liveness }: Probes,
  { maySleep = false }: ProbeSubject,
): boolean {
  if (!maySleep || startup !== undefined || liveness !== undefined || readiness === false) return false;
  return readiness.period === undefined && readiness.failures === undefined;
}

/** Settles the checks. */
export function settleProbes(written: Probes, subject: ProbeSubject): ProbesModel {
  const settled = Object.entries(fullProbes(written, subject)).map(
    ([name, probe]) => [name, settleProbe(probe, subject.port)] as const,
  );
  return Object.fromEntries(settled.filter(([, probe]) => probe !== undefined));
}

/** The check itself, without its timing: a readiness check's timing would make a start slow. */
function checkOnly(probe: Exclude<Probe, false>): Probe {
  if ("exec" in probe) return { exec: probe.exec };
  const port = probe.port === undefined ? {} : { port: probe.port };
  if ("http" in probe) return { http: probe.http, ...port };
  return "grpc" in probe ? { grpc: probe.grpc, ...port } : { tcp: true, ...port };
}

function settleProbe(probe: Probe, port: number | undefined): ProbeModel | undefined {
  if (probe === false) return undefined;
  const check = settleCheck(probe, port);
  if (check === undefined) return undefined;
  const timing = probe as typeof probe & {
    period: WholeDuration;
    timeout: WholeDuration;
    failures: number;
    delay: WholeDuration;
  };
  return {
    check,
    period: toSeconds(timing.period),
    timeout: toSeconds(timing.timeout),
    failures: timing.failures,
    delay: toSeconds(timing.delay),
  };
}

function settleCheck(probe: Exclude<Probe, false>, mainPort: number | undefined): CheckModel | undefined {
  if ("exec" in probe) return { exec: probe.exec };
  const port = probe.port ?? mainPort;
  if (port === undefined) return undefined;
  if ("http" in probe) return { http: probe.http, port };
  if ("grpc" in probe) return { grpc: probe.grpc === true ? "" : probe.grpc, port };
  return { tcp: true, port };
}
