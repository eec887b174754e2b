import type { AppModel, ExposeModel, WorkloadModel } from "../../../app/model/types";
import { standardLabels } from "../../../kube/labels";
import { joinName } from "../../../kube/names";
import type { KubeObject } from "../../../kube/object";
import type { EngineContext } from "../../engine";
import { interceptor, isIntercepted } from "../keda/http";
import { gatewayNamespace, listeners, publicGateway } from "./names";

type Route = Extract<ExposeModel, { type: "route" }>;
type Layer4 = Extract<ExposeModel, { type: "layer4" }>;

const gatewayApiVersion = "gateway.networking.k8s.io/v1";

/** The routes of a workload's addresses, and the listeners of its ports. */
export function routeObjects(app: AppModel, workload: WorkloadModel, context: EngineContext): KubeObject[] {
  if (!("expose" in workload)) return [];
  const routes = workload.expose.filter((expose) => expose.type === "route");
  const ports = workload.expose.filter((expose) => expose.type === "layer4");
  return [
    ...routes.map((route, index) => httpRoute(app, workload, route, { index, context })),
    ...ports.flatMap((port) => layer4(app, workload, port)),
  ];
}

function httpRoute(
  app: AppModel,
  workload: WorkloadModel,
  route: Route,
  { index, context }: { readonly index: number; readonly context: EngineContext },
): KubeObject {
  const isGrpc = route.port.protocol === "grpc";
  // What scales on requests may sleep, and its requests wait where they are counted.
  const target = isIntercepted(workload, context.capabilities) ? interceptor : backend(workload, route);
  const rule = { backendRefs: [target] };
  return {
    apiVersion: gatewayApiVersion,
    kind: isGrpc ? "GRPCRoute" : "HTTPRoute",
    metadata: metadata(app, workload, index === 0 ? [] : [String(index + 1)]),
    spec: {
      parentRefs: [
        {
          group: "gateway.networking.k8s.io",
          kind: "Gateway",
          name: publicGateway,
          namespace: gatewayNamespace,
          sectionName: listeners.https,
        },
      ],
      hostnames: [route.host],
      rules: [isGrpc ? rule : { matches: [{ path: { type: "PathPrefix", value: route.path } }], ...rule }],
    },
  };
}

/** A port of the load balancer: a listener of the app's own, and the route behind it. Nothing until the release gives the port. */
function layer4(app: AppModel, workload: WorkloadModel, expose: Layer4): KubeObject[] {
  if (expose.address === undefined) return [];
  const protocol = expose.protocol.toUpperCase();
  const name = `${expose.protocol}-${expose.address}`;
  const at = metadata(app, workload, [name]);
  return [
    {
      apiVersion: gatewayApiVersion,
      kind: "ListenerSet",
      metadata: at,
      spec: {
        parentRef: { name: publicGateway, namespace: gatewayNamespace },
        listeners: [{ name, port: expose.address, protocol, allowedRoutes: { kinds: [{ kind: `${protocol}Route` }] } }],
      },
    },
    {
      apiVersion: gatewayApiVersion,
      kind: `${protocol}Route`,
      metadata: at,
      spec: {
        parentRefs: [{ group: "gateway.networking.k8s.io", kind: "ListenerSet", name: at.name, sectionName: name }],
        rules: [{ backendRefs: [backend(workload, expose)] }],
      },
    },
  ];
}

function backend(workload: WorkloadModel, { port }: ExposeModel): Record<string, unknown> {
  return { name: workload.objectName, port: port.port };
}

function metadata(app: AppModel, workload: WorkloadModel, more: readonly string[]): KubeObject["metadata"] {
  return {
    name: joinName([workload.objectName, ...more]),
    namespace: workload.namespace,
    labels: standardLabels(app.name, workload.name),
  };
}
