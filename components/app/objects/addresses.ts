import type { AppModel } from "../model/types";
import type { Capabilities } from "./context";
import { publicServiceName } from "./network";

/** Where an exposed workload will be reached: at the gateway, or at a load balancer of its own. */
export interface KnownAddress {
  readonly app: string;
  readonly workload: string;
  /** Known now for hosts; ports are reached at the address that the load balancer gets. */
  readonly url?: string;
  readonly scheme: string;
  /** Port at the gateway or the load balancer. */
  readonly port: number;
  /** The load balancer's Service; absent where the address is the gateway's. */
  readonly service?: { readonly namespace: string; readonly name: string };
}

/** The addresses of an app, in the order of its workloads and of their `expose`. */
export function addressesOf(model: AppModel, capabilities: Capabilities): KnownAddress[] {
  return model.workloads.flatMap((workload) => {
    if (!("expose" in workload)) return [];
    return workload.expose.map((expose): KnownAddress => {
      const who = { app: model.name, workload: workload.name };
      const atGateway = capabilities.gateway === true;
      if (atGateway && expose.type === "route")
        return { ...who, scheme: "https", port: httpsPort, url: `https://${expose.host}${expose.path}` };
      if (expose.type === "passthrough")
        return { ...who, scheme: "tls", port: httpsPort, url: urlAt("tls", expose.host, httpsPort) };
      const scheme = expose.type === "layer4" ? expose.protocol : expose.port.protocol;
      const port = expose.type === "layer4" ? (expose.address ?? expose.port.port) : expose.port.port;
      const service = { namespace: model.namespace, name: publicServiceName(workload) };
      return { ...who, scheme, port, ...(atGateway ? {} : { service }) };
    });
  });
}

/** Where gateways answer HTTPS. */
const httpsPort = 443;

/** What a load balancer's Service says of its address. */
interface LoadBalancerStatus {
  readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
}

/** What a load balancer's Service says where it is, or nothing while it has no address. */
export function loadBalancerHost(status: LoadBalancerStatus | undefined): string | undefined {
  const [ingress] = status?.loadBalancer?.ingress ?? [];
  return ingress?.hostname ?? ingress?.ip;
}

/** `tcp://192.0.2.1:30000` */
export function urlAt(scheme: string, host: string, port: number): string {
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
