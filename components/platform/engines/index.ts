import type { Engine } from "../engine";
import { envoyGateway } from "./envoy-gateway/engine";
import { gatewayApi } from "./gateway-api/engine";

/** Every engine that the platform knows. */
export const engines: readonly Engine[] = [gatewayApi, envoyGateway];
