/** Namespace of the controller and of the proxies. */
export const gatewayNamespace = "petrichor-gateway";
/** GatewayClass of every gateway of the platform. */
export const gatewayClass = "petrichor";
/** The gateway that is reached from outside. */
export const publicGateway = "public";
/** Secret of the certificate for `*.<domain of the stack>`; see `docs/guide/engines.md`. */
export const certificateSecret = "public-certificate";
/** Names of the gateway's listeners, which routes attach to. */
export const listeners = { http: "http", https: "https", tls: "tls" } as const;
