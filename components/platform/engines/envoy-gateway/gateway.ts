import type { KubeObject } from "../../../kube/object";
import { keys } from "../../../kube/labels";
import { hasDomainCertificate } from "../../certificates";
import type { EngineContext } from "../../engine";
import { platformLabels } from "../../namespace";
import { certificateSecret, gatewayClass, gatewayNamespace, listeners, publicGateway } from "./names";

const labels = platformLabels("envoy-gateway");

/** Only namespaces of apps may attach routes and listeners. */
const fromApps = {
  namespaces: { from: "Selector", selector: { matchExpressions: [{ key: keys.app, operator: "Exists" }] } },
} as const;

/** The class of the platform's gateways, how their proxies run, and the gateway that is reached from outside. */
export function gatewayObjects(context: EngineContext): KubeObject[] {
  const given = context.capabilities.certificates === true ? [] : [certificate()];
  return [...given, proxy(context), gatewayClassObject(), gateway(context), redirect()];
}

/** Its values are known only while the engine runs. */
function certificate(): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: certificateSecret, namespace: gatewayNamespace, labels },
    type: "kubernetes.io/tls",
  };
}

function gatewayClassObject(): KubeObject {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GatewayClass",
    metadata: { name: gatewayClass, labels },
    spec: {
      controllerName: "gateway.envoyproxy.io/gatewayclass-controller",
      parametersRef: {
        group: "gateway.envoyproxy.io",
        kind: "EnvoyProxy",
        name: gatewayClass,
        namespace: gatewayNamespace,
      },
    },
  };
}

function gateway(context: EngineContext): KubeObject {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: {
      name: publicGateway,
      namespace: gatewayNamespace,
      labels,
      // Apps say where they are reached, so the gateway has to have its address before them.
      annotations: {
        [keys.waitFor]: JSON.stringify(["condition=Programmed", "jsonpath={.status.addresses[0].value}"]),
      },
    },
    spec: {
      gatewayClassName: gatewayClass,
      // Each app brings the listeners of its own ports, so that their number has no limit of the gateway's.
      allowedListeners: fromApps,
      listeners: [
        { name: listeners.http, port: 80, protocol: "HTTP", allowedRoutes: { namespaces: { from: "Same" } } },
        ...(hasDomainCertificate(context) ? [domainListener(context)] : []),
      ],
    },
  };
}

function domainListener({ settings }: EngineContext): Readonly<Record<string, unknown>> {
  return {
    name: listeners.https,
    port: 443,
    protocol: "HTTPS",
    hostname: `*.${settings.domain}`,
    tls: { mode: "Terminate", certificateRefs: [{ name: certificateSecret }] },
    allowedRoutes: fromApps,
  };
}

/** Plain HTTP is answered with the way to HTTPS, for every host. */
function redirect(): KubeObject {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "to-https", namespace: gatewayNamespace, labels },
    spec: {
      parentRefs: [{ name: publicGateway, sectionName: listeners.http }],
      rules: [
        { filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", port: 443, statusCode: 301 } }] },
      ],
    },
  };
}

/** Fields of an access-log line, in Envoy's format strings. */
const accessLog = {
  time: "%START_TIME%",
  method: "%REQ(:METHOD)%",
  host: "%REQ(:AUTHORITY)%",
  path: "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
  status: "%RESPONSE_CODE%",
  flags: "%RESPONSE_FLAGS%",
  durationMs: "%DURATION%",
  bytesIn: "%BYTES_RECEIVED%",
  bytesOut: "%BYTES_SENT%",
  client: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
  upstream: "%UPSTREAM_HOST%",
  route: "%ROUTE_NAME%",
  requestId: "%REQ(X-REQUEST-ID)%",
  traceparent: "%REQ(TRACEPARENT)%",
};

function proxy({ facts, image }: EngineContext): KubeObject {
  const loopback = facts.loadBalancer === "loopback";
  const replicas = facts.zones.length > 1 ? 3 : 1;
  return {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "EnvoyProxy",
    metadata: { name: gatewayClass, namespace: gatewayNamespace, labels },
    spec: {
      // One worker thread a core of the request; the default of one a core of the node costs memory for nothing.
      concurrency: 2,
      shutdown: { drainTimeout: "30s", minDrainDuration: "5s" },
      telemetry: { accessLog: { settings: [{ format: { type: "JSON", json: accessLog }, sinks: [stdout] }] } },
      provider: {
        type: "Kubernetes",
        kubernetes: {
          envoyService: {
            ...(facts.loadBalancer === "none"
              ? { type: "ClusterIP" }
              : { type: "LoadBalancer", externalTrafficPolicy: loopback ? "Cluster" : "Local" }),
            ...(loopback ? { allocateLoadBalancerNodePorts: false } : {}),
            ...(facts.loadBalancerAnnotations === undefined ? {} : { annotations: facts.loadBalancerAnnotations }),
          },
          // A budget for one replica would keep its node from ever being drained.
          ...(replicas > 1 ? { envoyPDB: { maxUnavailable: 1 } } : {}),
          envoyDeployment: {
            replicas,
            container: {
              image: image("envoy"),
              resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "512Mi" } },
            },
          },
        },
      },
    },
  };
}

const stdout = { type: "File", file: { path: "/dev/stdout" } } as const;
