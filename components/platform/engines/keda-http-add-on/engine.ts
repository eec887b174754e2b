import { entranceName } from "../../../app/model/names";
import type { AppModel, PortModel, ServiceModel, WorkloadModel } from "../../../app/model/types";
import { standardLabels } from "../../../kube/labels";
import type { KubeObject } from "../../../kube/object";
import { changeContainer, type ContainerChange } from "../../deployment";
import type { Engine, EngineContext } from "../../engine";
import type { UpstreamSource } from "../../upstream";
import { keda } from "../keda/engine";
import {
  countedPorts,
  interceptor,
  interceptorRouteName,
  isIntercepted,
  recipient,
  recipientHeader,
  requestTargets,
} from "../keda/http";
import { answerTime } from "../keda/timeouts";

const version = "v0.15.0";

const base: UpstreamSource = {
  module: "github.com/kedacore/http-add-on",
  version,
  form: { type: "kustomization", path: "config/default" },
};

/** Holds the first request to a workload at zero until a replica answers, and counts requests for those that scale on them. */
export const kedaHttpAddOn: Engine = {
  id: "keda-http-add-on",
  version,
  purpose: "holds requests while a workload wakes",
  needs: [keda],
  upstream: [base],
  images: Object.fromEntries(
    ["interceptor", "scaler", "operator"].map((part) => [
      part,
      { published: `ghcr.io/kedacore/http-add-on-${part}:${version.slice(1)}`, tool: "keda-http-add-on-image" },
    ]),
  ),
  capabilities: { buffering: { namespace: interceptor.namespace, port: interceptor.port } },
  objects: (context) =>
    context
      .upstream(base)
      .filter((object) => !isResource(object))
      .map((object) => changed(object, context)),
  // The interceptor scales itself by KEDA, so KEDA has to run.
  resources: ({ upstream }) => upstream(base).filter(isResource),
  forWorkload: requestObjects,
};

function isResource({ kind }: KubeObject): boolean {
  return kind === "ScaledObject";
}

/**
 * How often the scaler asks the interceptor for what waits, and tells KEDA: half a second and 200 ms by default, all of which a first
 * request would wait. An answer is a few bytes for each workload.
 */
const quickLooks = { KEDA_HTTP_QUEUE_TICK_DURATION: "100ms", KEDA_HTTP_SCALER_STREAM_INTERVAL_MS: "100" };

function changed(object: KubeObject, { image }: EngineContext): KubeObject {
  const part = /^keda-add-ons-http-(interceptor|scaler|operator)$/.exec(object.metadata.name)?.[1];
  if (object.kind !== "Deployment" || part === undefined) return object;
  const change: ContainerChange = {
    image: image(part),
    ...(part === "scaler" ? { env: quickLooks } : {}),
    command: [`/${part}`],
    resources: { cpu: "20m", memory: "32Mi", memoryLimit: "256Mi" },
  };
  return changeContainer(object, change);
}

/**
 * Where requests of a workload go once a replica answers, the leave for the app's routes to send them to the interceptor, and the entrance
 * for those that call it from inside the cluster.
 */
function requestObjects(app: AppModel, workload: WorkloadModel, { capabilities }: EngineContext): KubeObject[] {
  if (!isIntercepted(workload, capabilities)) return [];
  const [port] = workload.ports;
  if (port === undefined) return [];
  const labels = standardLabels(app.name, workload.name);
  const name = entranceName(app.name, workload.name);
  return [
    ...countedPorts(workload).map((one) => interceptorRoute(workload, one, labels)),
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "ReferenceGrant",
      metadata: { name, namespace: interceptor.namespace, labels },
      spec: {
        from: ["HTTPRoute", "GRPCRoute"].map((kind) => ({
          group: "gateway.networking.k8s.io",
          kind,
          namespace: workload.namespace,
        })),
        to: [{ group: "", kind: "Service", name: interceptor.name }],
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: interceptor.namespace, labels },
      spec: {
        type: "ClusterIP",
        selector: interceptor.selector,
        ports: [{ name: port.name, port: port.port, targetPort: interceptor.port }],
      },
    },
  ];
}

/** Where requests of the gateway to a port go, and at the main port those of the entrance. */
function interceptorRoute(
  workload: ServiceModel,
  port: PortModel,
  labels: Readonly<Record<string, string>>,
): KubeObject {
  const { objectName, namespace, scale, ports } = workload;
  const { budget, placeholder, fallback } = scale.coldStart;
  const entrance = `${entranceName(workload.app, workload.name)}.${interceptor.namespace}`;
  const inside = ["", ".svc", ".svc.cluster.local"].map((end) => entrance + end);
  const coldStart = {
    ...(placeholder === undefined ? {} : { placeholder: { response: placeholderResponse(placeholder) } }),
    ...(fallback === undefined ? {} : { fallback: { service: { name: fallback.service, port: fallback.port } } }),
  };
  const responseHeader = answerTime(workload);
  return {
    apiVersion: "http.keda.sh/v1beta1",
    kind: "InterceptorRoute",
    metadata: { name: interceptorRouteName(workload, port), namespace, labels },
    spec: {
      target: { service: objectName, port: port.port },
      rules: [
        { headers: [{ name: recipientHeader, value: recipient(workload, port) }] },
        ...(port === ports[0] ? [{ hosts: inside }] : []),
      ],
      scalingMetric: requestTargets(workload),
      timeouts: {
        readiness: `${budget}s`,
        ...(responseHeader === undefined ? {} : { responseHeader: `${responseHeader}ms` }),
      },
      ...(Object.keys(coldStart).length === 0 ? {} : { coldStart }),
    },
  };
}

type Placeholder = NonNullable<ServiceModel["scale"]["coldStart"]["placeholder"]>;

function placeholderResponse({ status, body, type }: Placeholder): object {
  return { statusCode: status, body, headers: { "Content-Type": type, "Retry-After": "1" } };
}
