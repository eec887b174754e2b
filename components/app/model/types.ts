import type { Egress, Protocol } from "../definition/network";
import type { RoutePath, RouteRule } from "../definition/routes";
import type { ClientCertificates, Traffic } from "../definition/traffic";
import type { ScaleTrigger } from "../definition/scale";
import type { Transform } from "../definition/transform";
import type { Kind } from "../definition/workload";
import type { Cpu, Percent, Size } from "../../kube/units";

/** An app with every default, override, name and link settled: plain frozen data, ready to render. */
export interface AppModel {
  readonly name: string;
  readonly namespace: string;
  readonly owner?: string;
  /** The file that the app was written in, relative to the project folder. */
  readonly file: string;
  readonly quota: { readonly cpu: Cpu; readonly memory: Size; readonly storage: Size; readonly pods: number };
  /** In alphabetical order. */
  readonly workloads: readonly WorkloadModel[];
}

/** How the value of a Secret is had; `deploy` acts on it, the model never holds a secret. */
export type SecretOrigin =
  | { readonly generate: { readonly length: number } }
  | { readonly config: string }
  | { readonly copy: { readonly namespace: string; readonly name: string; readonly key: string } };

/** A value in External Secrets. */
export interface StoreOrigin {
  readonly store: string;
  readonly path: string;
  readonly property?: string;
}

/** A key of a Secret in the app's namespace. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

export type VariableModel =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly secret: SecretKey }
  | { readonly name: string; readonly fieldPath: string };

export interface ResourcesModel {
  readonly cpu: Cpu;
  readonly memory: Size;
  readonly cpuLimit?: Cpu;
  readonly memoryLimit: Size;
}

export interface ContainerModel {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly VariableModel[];
  readonly resources: ResourcesModel;
  readonly probes: ProbesModel;
}

export type CheckModel =
  | { readonly http: string; readonly port: number }
  | { readonly tcp: true; readonly port: number }
  | { readonly grpc: string; readonly port: number }
  | { readonly exec: readonly string[] };

/** Times are in seconds. */
export interface ProbeModel {
  readonly check: CheckModel;
  readonly period: number;
  readonly timeout: number;
  readonly failures: number;
  readonly delay: number;
}

export interface ProbesModel {
  readonly startup?: ProbeModel;
  readonly readiness?: ProbeModel;
  readonly liveness?: ProbeModel;
}

export interface FileModel {
  readonly path: string;
  readonly content: { readonly text: string; readonly key: string } | { readonly secret: SecretKey };
}

export type VolumeModel = { readonly name: string; readonly mount: string } & (
  | {
      readonly type: "persistent";
      readonly size: Size;
      readonly class?: string;
      readonly access: "one-node" | "many-nodes";
      readonly retain: boolean;
      readonly backup?: { readonly schedule: string; readonly keep: number };
    }
  | { readonly type: "scratch"; readonly size: Size; readonly medium: "disk" | "memory" }
  | { readonly type: "secret"; readonly secret: string }
  | { readonly type: "config"; readonly config: string }
);

export interface PortModel {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** One way from pod to pod that a network policy opens. */
export interface EdgeModel {
  readonly app: string;
  readonly namespace: string;
  readonly workload: string;
  /** The port of the called workload. */
  readonly port: PortModel;
  /** Whether the caller starts only once the called workload is ready. */
  readonly wait: boolean;
  /** Whether requests go where they are counted, and held while nothing runs. */
  readonly buffered: boolean;
}

/** What becomes of the requests that a rule fits. */
export interface RuleModel extends Omit<RouteRule, "path" | "to"> {
  readonly path: RoutePath;
  /** Other workloads of the app, by weight; empty: the workload itself. */
  readonly to: Readonly<Record<string, number>>;
}

export type ExposeModel =
  | {
      readonly type: "route";
      readonly host: string;
      /** Where the address begins, for people. */
      readonly path: string;
      readonly port: PortModel;
      readonly rules: readonly RuleModel[];
      readonly traffic: Traffic;
      /** Secret of the host's own certificate. */
      readonly certificate?: string;
      readonly clientCertificates?: ClientCertificates;
    }
  | {
      /** TLS that is passed on by the host that the client names, to a workload that ends it itself. */
      readonly type: "passthrough";
      readonly host: string;
      readonly port: PortModel;
    }
  | {
      readonly type: "layer4";
      /** Absent until the release gives one. */
      readonly address?: number;
      readonly protocol: "tcp" | "udp";
      readonly port: PortModel;
      readonly allow?: readonly string[];
      /** Most connections at each proxy. */
      readonly connections?: number;
    };

export interface HookModel {
  readonly name: string;
  readonly objectName: string;
  readonly container: ContainerModel;
  readonly retries: number;
  /** Seconds. */
  readonly deadline: number;
}

type Strength = "prefer" | "require" | "off";
export type CountOrPercent = number | Percent;

interface PodModel {
  readonly app: string;
  readonly namespace: string;
  readonly owner?: string;
  /** Name in the app. */
  readonly name: string;
  /** Name of the main object; a longer name is cut to the limit of its kind. */
  readonly objectName: string;
  readonly container: ContainerModel;
  readonly init: readonly ContainerModel[];
  readonly sidecars: readonly ContainerModel[];
  readonly files: readonly FileModel[];
  readonly secrets: Readonly<Record<string, SecretOrigin>>;
  readonly external: Readonly<Record<string, StoreOrigin>>;
  readonly volumes: readonly VolumeModel[];
  readonly calls: readonly EdgeModel[];
  readonly calledBy: readonly EdgeModel[];
  readonly egress: readonly Egress[];
  /** Seconds. */
  readonly stop: { readonly grace: number; readonly delay: number };
  /** Numeric user and group of every process. */
  readonly user: number;
  readonly serviceAccount: { readonly name: string; readonly own: boolean; readonly token: boolean };
  readonly identity: { readonly aws?: string; readonly azure?: string };
  readonly architecture?: readonly ("amd64" | "arm64")[];
  readonly transform: Transform;
}

interface RunningModel extends PodModel {
  readonly preDeploy: readonly HookModel[];
  readonly postDeploy: readonly HookModel[];
  readonly protect: boolean;
}

interface ListeningModel {
  /** The main port, if there is one, comes first. */
  readonly ports: readonly PortModel[];
  /** Connection values that are made once and kept, in a Secret of their own. */
  readonly connection: Readonly<Record<string, SecretOrigin>>;
  readonly expose: readonly ExposeModel[];
}

interface PlacedModel {
  readonly spread: { readonly zones: Strength; readonly nodes: Strength };
  readonly disruption: { readonly unavailable: CountOrPercent } | { readonly available: CountOrPercent } | undefined;
}

/** Times are in seconds. */
export interface ScaleModel {
  /** Link to a queue → host and port at which its length is read. */
  readonly queues: Readonly<Record<string, string>>;
  readonly min: number;
  readonly max: number;
  /** Empty: the number is fixed at `min`. */
  readonly on: readonly ScaleTrigger[];
  readonly window: { readonly up: number; readonly down: number };
  readonly step: { readonly up: StepModel; readonly down: StepModel };
  readonly cooldown: number;
  /** In percent. */
  readonly tolerance: number;
  readonly fallback: { readonly replicas: number; readonly after: number };
  readonly coldStart: {
    readonly budget: number;
    readonly placeholder?: { readonly status: number; readonly body: string; readonly type: string };
    /** Service of the app that answers instead. */
    readonly fallback?: { readonly service: string; readonly port: number };
    readonly minWarm?: number;
  };
}

/** How much may change within `every` seconds. */
export interface StepModel {
  readonly replicas?: number;
  readonly percent?: number;
  readonly every: number;
}

interface RolloutModel {
  readonly strategy: "rolling" | "recreate";
  readonly surge: CountOrPercent;
  readonly unavailable: CountOrPercent;
  readonly settle: number;
  readonly deadline: number;
  readonly paused: boolean;
}

interface BatchModel extends PodModel {
  readonly parallelism: number;
  readonly completions: number;
  readonly retries: number;
  readonly deadline: number;
  readonly keep: number;
}

export interface ServiceModel extends RunningModel, ListeningModel, PlacedModel {
  readonly kind: "service";
  readonly scale: ScaleModel;
  readonly rollout: RolloutModel;
}
export interface WorkerModel extends RunningModel, PlacedModel {
  readonly kind: "worker";
  readonly scale: ScaleModel;
  readonly rollout: RolloutModel;
}
export interface StatefulModel extends RunningModel, ListeningModel, PlacedModel {
  readonly kind: "stateful";
  readonly replicas: number;
  readonly order: "ordered" | "parallel";
  readonly rollout: { readonly unavailable: CountOrPercent; readonly partition: number; readonly settle: number };
}
export interface JobModel extends BatchModel {
  readonly kind: "job";
  /** Absent: one run for each version. */
  readonly scale?: {
    readonly max: number;
    readonly on: readonly Extract<ScaleTrigger, { queue: unknown }>[];
    readonly queues: Readonly<Record<string, string>>;
    /** Seconds between two looks at the queue. */
    readonly every: number;
  };
}
export interface CronModel extends BatchModel {
  readonly kind: "cron";
  readonly schedule: string;
  readonly timezone: string;
  readonly concurrency: "allow" | "forbid" | "replace";
  readonly startWithin: number;
  readonly history: { readonly succeeded: number; readonly failed: number };
  readonly suspended: boolean;
}
export interface DaemonModel extends RunningModel, ListeningModel {
  readonly kind: "daemon";
  readonly rollout: { readonly unavailable: CountOrPercent; readonly settle: number };
}

export type WorkloadModel = ServiceModel | WorkerModel | StatefulModel | JobModel | CronModel | DaemonModel;
export type ModelOf<K extends Kind> = Extract<WorkloadModel, { kind: K }>;
