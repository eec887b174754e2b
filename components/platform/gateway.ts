import type { KubeObject } from "../kube/object";
import { gatewayNamespace, publicGateway } from "./engines/envoy-gateway/names";

/** What a Gateway says of its addresses. */
interface GatewayStatus {
  readonly addresses?: readonly { readonly value?: string }[];
}

/** Whether an object is the gateway that is reached from outside. */
export function isPublicGateway({ kind, metadata }: KubeObject): boolean {
  return kind === "Gateway" && metadata.name === publicGateway && metadata.namespace === gatewayNamespace;
}

/** Where a gateway is reached, by IP address or name. */
export function gatewayHost(status: GatewayStatus | undefined): string | undefined {
  return status?.addresses?.[0]?.value;
}
