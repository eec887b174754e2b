import type { EngineId } from "../definition";
import type { Engine } from "../engine";
import { certManager } from "./cert-manager/engine";
import { envoyGateway } from "./envoy-gateway/engine";
import { externalDns } from "./external-dns/engine";
import { gatewayApi } from "./gateway-api/engine";
import { keda } from "./keda/engine";
import { kedaHttpAddOn } from "./keda-http-add-on/engine";
import { metallb } from "./metallb/engine";
import { metricsServer } from "./metrics-server/engine";
import { prometheus } from "./prometheus/engine";

/** Every engine that the platform knows. */
export const engines: Readonly<Record<EngineId, Engine>> = {
  "gateway-api": gatewayApi,
  "envoy-gateway": envoyGateway,
  "metrics-server": metricsServer,
  keda,
  "keda-http-add-on": kedaHttpAddOn,
  prometheus,
  "cert-manager": certManager,
  "external-dns": externalDns,
  metallb,
};
