import type { Engine } from "../../engine";
import type { UpstreamSource } from "../../upstream";

const version = "v1.6.1";

/** Definitions of the standard channel, and the admission policy that keeps an older or experimental one from replacing them. */
const definitions: UpstreamSource = {
  module: "sigs.k8s.io/gateway-api",
  version,
  form: { type: "kustomization", path: "config/crd" },
};

/** The kinds that describe addresses: Gateway, HTTPRoute, GRPCRoute, TCPRoute, UDPRoute, TLSRoute. */
export const gatewayApi: Engine = {
  id: "gateway-api",
  version,
  purpose: "defines gateways and routes",
  needs: [],
  upstream: [definitions],
  images: {},
  capabilities: {},
  objects: ({ upstream }) => upstream(definitions),
};
