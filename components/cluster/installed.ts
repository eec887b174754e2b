import type { Observations, ObservedObject, ObservedWorkload } from "./observations";

/** How an engine that runs on a cluster gives itself away. */
interface EngineSign {
  /** One of its custom resource definitions; an engine without any is known by its workload alone. */
  readonly definition?: string;
  /** Label or annotation on that definition that holds the engine's version. */
  readonly versionMark?: string;
  /** Value of the label `app.kubernetes.io/name` on its main Deployment or DaemonSet. */
  readonly workload?: string;
}

/** Engines by id. Marks as their own release manifests and charts set them. */
export const engineSigns: Readonly<Record<string, EngineSign>> = {
  "gateway-api": {
    definition: "gateways.gateway.networking.k8s.io",
    versionMark: "gateway.networking.k8s.io/bundle-version",
  },
  "envoy-gateway": { definition: "envoyproxies.gateway.envoyproxy.io", workload: "gateway-helm" },
  istio: { definition: "virtualservices.networking.istio.io", workload: "istiod" },
  keda: { definition: "scaledobjects.keda.sh", versionMark: "app.kubernetes.io/version", workload: "keda-operator" },
  "metrics-server": { workload: "metrics-server" },
  "prometheus-operator": {
    definition: "servicemonitors.monitoring.coreos.com",
    versionMark: "operator.prometheus.io/version",
    workload: "prometheus-operator",
  },
  "cert-manager": {
    definition: "certificates.cert-manager.io",
    versionMark: "app.kubernetes.io/version",
    workload: "cert-manager",
  },
  "external-dns": { workload: "external-dns" },
  "external-secrets": { definition: "externalsecrets.external-secrets.io", workload: "external-secrets" },
  velero: { definition: "backups.velero.io", workload: "velero" },
  "cloudnative-pg": { definition: "clusters.postgresql.cnpg.io", workload: "cloudnative-pg" },
  tekton: { definition: "pipelines.tekton.dev", versionMark: "pipeline.tekton.dev/release", workload: "controller" },
};

/** Engines that run on a cluster, with their versions; `unknown` where an engine is there but doesn't say. */
export function installedEngines(seen: Observations): Record<string, string> {
  return Object.fromEntries(
    Object.entries(engineSigns).flatMap(([id, sign]) => {
      const version = versionOf(sign, seen);
      return version === undefined ? [] : [[id, version]];
    }),
  );
}

function versionOf(sign: EngineSign, seen: Observations): string | undefined {
  const definition = seen.customResourceDefinitions.find(({ metadata }) => metadata.name === sign.definition);
  if (sign.definition !== undefined && definition === undefined) return undefined;
  const workload = [...seen.deployments, ...seen.daemonSets].find(
    ({ metadata }) => sign.workload !== undefined && metadata.labels?.["app.kubernetes.io/name"] === sign.workload,
  );
  if (definition === undefined && workload === undefined) return undefined;
  return withoutV(markOf(definition, sign.versionMark) ?? imageVersion(workload) ?? "unknown");
}

function markOf(object: ObservedObject | undefined, mark: string | undefined): string | undefined {
  if (object === undefined || mark === undefined) return undefined;
  return object.metadata.labels?.[mark] ?? object.metadata.annotations?.[mark];
}

/** The version in the tag of the first image that has one; a digest alone tells nothing. */
function imageVersion(workload: ObservedWorkload | undefined): string | undefined {
  const images = workload?.spec.template.spec.containers.map(({ image }) => image) ?? [];
  const tags = images.map((image) => /:(v?\d+\.\d+[\w.-]*)(@|$)/.exec(image)?.[1]);
  return tags.find((tag) => tag !== undefined);
}

function withoutV(version: string): string {
  return version.replace(/^v(?=\d)/, "");
}
