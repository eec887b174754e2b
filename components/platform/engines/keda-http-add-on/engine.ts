import type { AppModel, WorkloadModel } from "../../../app/model/types";
import { standardLabels } from "../../../kube/labels";
import { joinName } from "../../../kube/names";
import type { KubeObject } from "../../../kube/object";
import { changeContainer, type ContainerChange } from "../../deployment";
import type { Engine, EngineContext } from "../../engine";
import type { UpstreamSource } from "../../upstream";
import { keda } from "../keda/engine";
import { interceptor, requestTargets } from "../keda/http";

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
  capabilities: { buffering: true },
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

function changed(object: KubeObject, { image }: EngineContext): KubeObject {
  const part = /^keda-add-ons-http-(interceptor|scaler|operator)$/.exec(object.metadata.name)?.[1];
  if (object.kind !== "Deployment" || part === undefined) return object;
  const change: ContainerChange = {
    image: image(part),
    command: [`/${part}`],
    resources: { cpu: "20m", memory: "32Mi", memoryLimit: "256Mi" },
  };
  return changeContainer(object, change);
}

/** Where requests of a workload go once a replica answers, and the leave for the app's routes to send them to the interceptor. */
function requestObjects(app: AppModel, workload: WorkloadModel): KubeObject[] {
  const scalingMetric = requestTargets(workload);
  if (scalingMetric === undefined || !("expose" in workload)) return [];
  const [port] = workload.ports;
  if (port === undefined) return [];
  const labels = standardLabels(app.name, workload.name);
  const hosts = workload.expose.flatMap((expose) => (expose.type === "route" ? [expose.host] : []));
  return [
    {
      apiVersion: "http.keda.sh/v1beta1",
      kind: "InterceptorRoute",
      metadata: { name: workload.objectName, namespace: workload.namespace, labels },
      spec: {
        target: { service: workload.objectName, port: port.port },
        rules: [{ hosts: [...hosts, `${workload.objectName}.${workload.namespace}`] }],
        scalingMetric,
        timeouts: { readiness: "60s" },
      },
    },
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "ReferenceGrant",
      metadata: { name: joinName([workload.namespace, workload.name]), namespace: interceptor.namespace, labels },
      spec: {
        from: ["HTTPRoute", "GRPCRoute"].map((kind) => ({
          group: "gateway.networking.k8s.io",
          kind,
          namespace: workload.namespace,
        })),
        to: [{ group: "", kind: "Service", name: interceptor.name }],
      },
    },
  ];
}
