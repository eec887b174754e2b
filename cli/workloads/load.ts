import { prometheusName, prometheusPort, telemetryNamespace } from "../../components/platform/engines/prometheus/names";
import { parseQuantity } from "../../components/kube/quantity";
import type { Kubectl } from "../kubectl";
import { type Decision, decisionsOf, type KubeEvent, type Scaler, stateOf } from "./decisions";
import { findWorkloads, type RunningWorkload } from "./find";

/** A workload with what it carries just now. What nobody measures is absent. */
export interface LoadedWorkload extends RunningWorkload {
  /** Fewest and most replicas, where an autoscaler owns the number. */
  readonly bounds?: { readonly min: number; readonly max: number };
  /** Requests a second at the gateway. */
  readonly rate?: number;
  /** 95th percentile of their latency, in milliseconds. */
  readonly p95?: number;
  /** Thousandths of a core. */
  readonly cpu?: number;
  /** MiB. */
  readonly memory?: number;
  /** What the autoscaler decided last. */
  readonly decision?: Decision;
  /** What keeps the autoscaler from what it wants. */
  readonly state?: string;
}

/** Every workload of ours on a cluster, with what it carries just now. */
export async function readLoad(kubectl: Kubectl): Promise<LoadedWorkload[]> {
  const [workloads, scalers, events, measured, used] = await Promise.all([
    findWorkloads(kubectl),
    findScalers(kubectl),
    list<KubeEvent>(kubectl, "events"),
    measurements(kubectl),
    usage(kubectl),
  ]);
  return workloads.map((workload) => {
    const own = scalers.filter((scaler) => scales(scaler, workload));
    const [decision] = decisionsOf(own, events);
    const bounds = boundsOf(own);
    const state = stateOf(own);
    return {
      ...workload,
      ...(bounds === undefined ? {} : { bounds }),
      ...(decision === undefined ? {} : { decision }),
      ...(state === undefined ? {} : { state }),
      ...measured(workload),
      ...used(workload),
    };
  });
}

async function list<T>(kubectl: Kubectl, kinds: string): Promise<readonly T[]> {
  // A cluster without the engine doesn't know its kinds.
  return kubectl.json<{ items: T[] }>("get", kinds, "--all-namespaces").then(
    ({ items }) => items,
    () => [],
  );
}

async function findScalers(kubectl: Kubectl): Promise<Scaler[]> {
  const kinds = ["scaledobjects.keda.sh", "horizontalpodautoscalers"];
  return (await Promise.all(kinds.map(async (kind) => list<Scaler>(kubectl, kind)))).flat();
}

function scales({ metadata, spec }: Scaler, { namespace, object }: RunningWorkload): boolean {
  return metadata.namespace === namespace && `deployment/${spec.scaleTargetRef.name}` === object;
}

/** The ScaledObject's own bounds come first: its HorizontalPodAutoscaler knows no zero. */
function boundsOf(scalers: readonly Scaler[]): LoadedWorkload["bounds"] {
  const [scaler] = scalers;
  if (scaler === undefined) return undefined;
  const { spec } = scaler;
  return {
    min: spec.idleReplicaCount ?? spec.minReplicaCount ?? spec.minReplicas ?? 0,
    max: spec.maxReplicaCount ?? spec.maxReplicas ?? 0,
  };
}

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** Seconds that rate and latency are measured over: what a person takes for now. */
const window = "30s";

async function measurements(kubectl: Kubectl): Promise<(workload: RunningWorkload) => Partial<LoadedWorkload>> {
  const series = "envoy_cluster_upstream_rq_time";
  const [rates, latencies] = await Promise.all([
    query(kubectl, `sum by (envoy_cluster_name) (rate(${series}_count[${window}]))`),
    query(
      kubectl,
      `histogram_quantile(0.95, sum by (envoy_cluster_name, le) (rate(${series}_bucket[${window}]))) >= 0`,
    ),
  ]);
  return (workload) => {
    const rate = valuesOf(rates, workload);
    const p95 = valuesOf(latencies, workload);
    return {
      ...(rate.length === 0 ? {} : { rate: rate.reduce((sum, one) => sum + one, 0) }),
      ...(p95.length === 0 ? {} : { p95: Math.max(...p95) }),
    };
  };
}

/** Asks the metrics store through the API server; nothing where there is none. */
async function query(kubectl: Kubectl, expression: string): Promise<readonly Sample[]> {
  const service = `/api/v1/namespaces/${telemetryNamespace}/services/${prometheusName}:${prometheusPort}/proxy`;
  const path = `${service}/api/v1/query?query=${encodeURIComponent(expression)}`;
  return kubectl.text("get", "--raw", path).then(
    (text) => (JSON.parse(text) as { data: { result: Sample[] } }).data.result,
    () => [],
  );
}

/** The values of a workload's backends, which the gateway names `httproute/NAMESPACE/ROUTE/rule/NUMBER`. */
function valuesOf(samples: readonly Sample[], { namespace, object }: RunningWorkload): number[] {
  const name = object.replace(/^[^/]+\//, "");
  const backend = new RegExp(`^(http|grpc)route/${namespace}/${name}(-\\d+)?/rule/`);
  return samples
    .filter(({ metric }) => backend.test(metric["envoy_cluster_name"] ?? ""))
    .map(({ value }) => Number(value[1]));
}

interface PodUsage {
  readonly metadata: { readonly namespace: string; readonly labels?: Readonly<Record<string, string>> };
  readonly containers: readonly { readonly usage: { readonly cpu: string; readonly memory: string } }[];
}

async function usage(kubectl: Kubectl): Promise<(workload: RunningWorkload) => Partial<LoadedWorkload>> {
  const pods = await kubectl.text("get", "--raw", "/apis/metrics.k8s.io/v1beta1/pods").then(
    (text) => (JSON.parse(text) as { items: PodUsage[] }).items,
    () => [],
  );
  return ({ namespace, workload }) => {
    const containers = pods
      .filter(({ metadata }) => metadata.namespace === namespace)
      .filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === workload)
      .flatMap((pod) => pod.containers);
    if (containers.length === 0) return {};
    return {
      cpu: Math.round(containers.reduce((sum, { usage: { cpu } }) => sum + parseQuantity(cpu), 0) * 1000),
      memory: Math.round(containers.reduce((sum, { usage: { memory } }) => sum + parseQuantity(memory), 0) / 2 ** 20),
    };
  };
}
