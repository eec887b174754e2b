import type { KubeObject } from "../../../kube/object";
import type { Engine, EngineContext } from "../../engine";
import { engineNamespace } from "../../namespace";
import type { UpstreamSource } from "../../upstream";
import { gatewayApi } from "../gateway-api/engine";
import { gatewayObjects } from "./gateway";
import { gatewayNamespace } from "./names";
import { routeObjects } from "./routes";

const version = "v1.9.1";
/** Stands for the image in the rendered chart; the true reference is known per cluster only. */
const imagePlaceholder = "petrichor.internal/envoy-gateway:placeholder";

const chart: UpstreamSource = {
  module: "github.com/envoyproxy/gateway",
  version,
  form: {
    type: "chart",
    path: "charts/gateway-helm",
    release: "envoy-gateway",
    namespace: gatewayNamespace,
    placeholders: { GatewayImage: imagePlaceholder, GatewayImagePullPolicy: "IfNotPresent" },
    values: {
      // The webhook that tells proxies their zone: nothing here routes by zone yet.
      topologyInjector: { enabled: false },
      certgen: { job: { ttlSecondsAfterFinished: null } },
      config: { envoyGateway: { logging: { level: { default: "warn" } } } },
      deployment: {
        envoyGateway: { resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "512Mi" } } },
      },
    },
  },
};

/** Gateways, routes and their policies, carried out by Envoy. */
export const envoyGateway: Engine = {
  id: "envoy-gateway",
  version,
  purpose: "gives workloads their addresses",
  needs: [gatewayApi],
  upstream: [chart],
  images: {
    gateway: { published: `docker.io/envoyproxy/gateway:${version}`, tool: "envoy-gateway-image" },
    envoy: {
      published:
        "docker.io/envoyproxy/envoy:distroless-v1.39.1@sha256:eb2c01c13125d1629637cb4e4cce7207009fb7cc2c8027f9742758549d15b6f4",
      tool: "envoy-image",
    },
  },
  capabilities: { gateway: true },
  objects: (context) => [
    engineNamespace("envoy-gateway", gatewayNamespace, { role: "gateway" }),
    ...context
      .upstream(chart)
      .filter(isOurs)
      .map((object) => withImage(object, context)),
  ],
  resources: gatewayObjects,
  forWorkload: routeObjects,
};

/** The chart brings the Gateway API's definitions along, experimental ones among them; those come from `gateway-api`. */
function isOurs({ metadata }: KubeObject): boolean {
  return !/gateway\.networking\.(x-)?k8s\.io$/.test(metadata.name);
}

/** The image stands in pods and in the controller's own configuration, so it is replaced in the text of the whole object. */
function withImage(object: KubeObject, { image }: EngineContext): KubeObject {
  const text = JSON.stringify(object);
  if (!text.includes(imagePlaceholder)) return object;
  return JSON.parse(text.replaceAll(imagePlaceholder, image("gateway"))) as KubeObject;
}
