/** Names of the engines that a stack may ask for. */
export const engineIds = [
  "gateway-api",
  "envoy-gateway",
  "metrics-server",
  "keda",
  "keda-http-add-on",
  "prometheus",
  "cert-manager",
  "external-dns",
  "metallb",
] as const;
export type EngineId = (typeof engineIds)[number];
