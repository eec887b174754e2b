import { routeName, tlsRouteName } from "../../../app/model/names";
import type { AppModel, WorkloadModel } from "../../../app/model/types";
import { joinName } from "../../../kube/names";
import type { KubeObject } from "../../../kube/object";
import type { EngineContext } from "../../engine";
import {
  type AddressOf,
  gatewayApiVersion,
  isGrpc,
  type Layer4,
  metadataOf,
  type Passthrough,
  type Route,
} from "./address";
import { filterObjects } from "./filters";
import { hostListener, passthroughListener, portListener, routeParent } from "./listeners";
import { listeners } from "./names";
import { policyObjects, portPolicyObjects } from "./policies";
import { routeRules } from "./rules";

/** Everything that a workload's addresses come to: routes, their filters and policies, and listeners of their own. */
export function routeObjects(app: AppModel, workload: WorkloadModel, context: EngineContext): KubeObject[] {
  if (!("expose" in workload)) return [];
  const routes = workload.expose.filter((expose) => expose.type === "route");
  const passed = workload.expose.filter((expose) => expose.type === "passthrough");
  const ports = workload.expose.filter((expose) => expose.type === "layer4");
  return [
    ...routes.flatMap((expose, index) => {
      const name = routeName(workload.objectName, index);
      return hostObjects({ app, workload, expose, name, context });
    }),
    ...passed.flatMap((expose, index) => {
      const name = tlsRouteName(workload.objectName, index);
      return passthroughObjects({ app, workload, expose, name, context });
    }),
    ...ports.flatMap((expose) => {
      const name = joinName([workload.objectName, `${expose.protocol}-${expose.address ?? 0}`]);
      return portObjects({ app, workload, expose, name, context });
    }),
  ];
}

function hostObjects(address: AddressOf<Route>): KubeObject[] {
  const route = {
    apiVersion: gatewayApiVersion,
    kind: isGrpc(address) ? "GRPCRoute" : "HTTPRoute",
    metadata: metadataOf(address),
    spec: { parentRefs: [routeParent(address)], hostnames: [address.expose.host], rules: routeRules(address) },
  };
  return [...hostListener(address), ...filterObjects(address), route, ...policyObjects(address)];
}

function passthroughObjects(address: AddressOf<Passthrough>): KubeObject[] {
  const { workload, expose } = address;
  const metadata = metadataOf(address);
  const route = {
    apiVersion: gatewayApiVersion,
    kind: "TLSRoute",
    metadata,
    spec: {
      parentRefs: [
        { group: "gateway.networking.k8s.io", kind: "ListenerSet", name: metadata.name, sectionName: listeners.tls },
      ],
      hostnames: [expose.host],
      rules: [{ backendRefs: [{ name: workload.objectName, port: expose.port.port }] }],
    },
  };
  return [passthroughListener(address), route];
}

/** Nothing until the release gives the port. */
function portObjects(address: AddressOf<Layer4>): KubeObject[] {
  const { workload, expose } = address;
  const { address: port, protocol } = expose;
  if (port === undefined) return [];
  const metadata = metadataOf(address);
  const route = {
    apiVersion: gatewayApiVersion,
    kind: `${protocol.toUpperCase()}Route`,
    metadata,
    spec: {
      parentRefs: [
        {
          group: "gateway.networking.k8s.io",
          kind: "ListenerSet",
          name: metadata.name,
          sectionName: `${protocol}-${port}`,
        },
      ],
      rules: [{ backendRefs: [{ name: workload.objectName, port: expose.port.port }] }],
    },
  };
  return [...portListener(address, port), route, ...portPolicyObjects(address)];
}
