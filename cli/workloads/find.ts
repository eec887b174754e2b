import { PetrichorError } from "../../components/errors";
import { closest } from "../../components/input/suggest";
import type { Kubectl } from "../kubectl";

/** The parts of a Kubernetes object that the commands look at. */
interface RunningObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly creationTimestamp: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly replicas?: number;
    readonly schedule?: string;
    readonly template?: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
    readonly ports?: readonly { readonly port: number }[];
    /** Host names of a route. */
    readonly hostnames?: readonly string[];
  };
  readonly status?: {
    readonly readyReplicas?: number;
    readonly numberReady?: number;
    readonly desiredNumberScheduled?: number;
    readonly succeeded?: number;
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
  };
}

/** A workload as it runs on a cluster. */
export interface RunningWorkload {
  readonly app: string;
  readonly workload: string;
  readonly namespace: string;
  /** The object that makes the pods, as `kubectl` names it, for example `deployment/web`. */
  readonly object: string;
  readonly kind: string;
  readonly ready: number;
  readonly wanted: number;
  readonly image: string;
  /** Addresses given by the gateway or the load balancer. */
  readonly addresses: readonly string[];
  /** When the object was made, RFC 3339. */
  readonly since: string;
}

const ours = "app.kubernetes.io/managed-by=petrichor";
const workloadLabel = "app.kubernetes.io/name";
const appLabel = "app.kubernetes.io/part-of";

const workloadKinds = "deployments,statefulsets,daemonsets,cronjobs,jobs,services";
/** Kinds that tell addresses, and make no pods. */
const addressKinds = new Set(["Service", "HTTPRoute", "GRPCRoute"]);

/** Every workload of ours on a cluster, by app and name. */
export async function findWorkloads(kubectl: Kubectl): Promise<RunningWorkload[]> {
  const [items, routes] = await Promise.all([
    find(kubectl, workloadKinds),
    // A cluster without a gateway doesn't know these kinds.
    find(kubectl, "httproutes.gateway.networking.k8s.io,grpcroutes.gateway.networking.k8s.io").catch(() => []),
  ]);
  const addressed = [...items, ...routes].filter(({ kind }) => addressKinds.has(kind));
  return items
    .filter(({ kind, metadata }) => !addressKinds.has(kind) && metadata.labels?.[workloadLabel] !== undefined)
    .map((object) => describe(object, addressed))
    .sort((left, right) => fullName(left).localeCompare(fullName(right)));
}

async function find(kubectl: Kubectl, kinds: string): Promise<readonly RunningObject[]> {
  const args = ["get", kinds, "--all-namespaces", "--selector", ours];
  return (await kubectl.json<{ items: RunningObject[] }>(...args)).items;
}

/**
 * The workloads that `APP` or `APP/WORKLOAD` names.
 * @throws PetrichorError APP_UNKNOWN when there is none on the cluster
 */
export async function selectWorkloads(kubectl: Kubectl, name: string): Promise<RunningWorkload[]> {
  const all = await findWorkloads(kubectl);
  const found = all.filter((one) => one.app === name || fullName(one) === name);
  if (found.length > 0) return found;
  const known = [...new Set(all.flatMap((one) => [one.app, fullName(one)]))];
  const meant = closest(name, known);
  throw new PetrichorError(
    "APP_UNKNOWN",
    `nothing named "${name}" runs here.${meant === undefined ? "" : ` Did you mean "${meant}"?`}`,
    known.length === 0 ? "Run `petrichor up` first." : `Take one of: ${known.join(", ")}.`,
  );
}

/** `shop/web` */
export function fullName({ app, workload }: Pick<RunningWorkload, "app" | "workload">): string {
  return `${app}/${workload}`;
}

function describe(object: RunningObject, addressed: readonly RunningObject[]): RunningWorkload {
  const { kind, metadata, spec, status } = object;
  const workload = metadata.labels?.[workloadLabel] ?? metadata.name;
  return {
    app: metadata.labels?.[appLabel] ?? metadata.namespace,
    workload,
    namespace: metadata.namespace,
    object: `${kind.toLowerCase()}/${metadata.name}`,
    kind,
    ready: status?.readyReplicas ?? status?.numberReady ?? status?.succeeded ?? 0,
    wanted: spec?.replicas ?? status?.desiredNumberScheduled ?? (kind === "Job" ? 1 : 0),
    image: spec?.template?.spec.containers[0]?.image ?? "",
    addresses: addressed
      .filter(
        (one) => one.metadata.namespace === metadata.namespace && one.metadata.labels?.[workloadLabel] === workload,
      )
      .flatMap(addressesOf),
    since: metadata.creationTimestamp,
  };
}

function addressesOf({ spec, status }: RunningObject): string[] {
  if (spec?.hostnames !== undefined) return spec.hostnames.map((host) => `https://${host}`);
  const hosts = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  return hosts.flatMap((host) => (spec?.ports ?? []).map(({ port }) => `http://${host}:${port}`));
}
