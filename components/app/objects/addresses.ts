import type { AppModel } from "../model/types";
import type { Capabilities } from "./context";
import { publicServiceName } from "./network";

/** Where an exposed workload will be reached: known now behind a gateway, else once its load balancer has an address. */
export type KnownAddress = { readonly app: string; readonly workload: string } & (
  | { readonly url: string }
  | {
      readonly scheme: string;
      readonly service: { readonly namespace: string; readonly name: string; readonly port: number };
    }
);

/** The addresses of an app, in the order of its workloads and of their `expose`. */
export function addressesOf(model: AppModel, capabilities: Capabilities): KnownAddress[] {
  return model.workloads.flatMap((workload) => {
    if (!("expose" in workload)) return [];
    return workload.expose.map((expose): KnownAddress => {
      const who = { app: model.name, workload: workload.name };
      if (capabilities.gateway === true && expose.type === "route")
        return { ...who, url: `https://${expose.host}${expose.path}` };
      const scheme = expose.type === "layer4" ? expose.protocol : expose.port.protocol;
      const port = expose.type === "layer4" ? (expose.address ?? expose.port.port) : expose.port.port;
      return { ...who, scheme, service: { namespace: model.namespace, name: publicServiceName(workload), port } };
    });
  });
}

/** What a load balancer's Service says of its address. */
interface LoadBalancerStatus {
  readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
}

/** The URL at a load balancer, or nothing while it has no address. */
export function loadBalancerUrl(
  scheme: string,
  port: number,
  status: LoadBalancerStatus | undefined,
): string | undefined {
  const [ingress] = status?.loadBalancer?.ingress ?? [];
  const host = ingress?.hostname ?? ingress?.ip;
  if (host === undefined) return undefined;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
