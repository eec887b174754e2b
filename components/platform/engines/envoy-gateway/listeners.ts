import { contentHash, joinName } from "../../../kube/names";
import type { KubeObject } from "../../../kube/object";
import {
  type AddressOf,
  envoyApiVersion,
  gatewayApiVersion,
  type Layer4,
  metadataOf,
  type Passthrough,
  type Route,
  targetRefs,
} from "./address";
import { isUnderDomainCertificate, secretOf } from "../../certificates";
import { gatewayNamespace, listeners, publicGateway } from "./names";
import { ownerOfHost } from "./owner";

type Plain = Readonly<Record<string, unknown>>;

const group = "gateway.networking.k8s.io";
const httpsPort = 443;

/** What the route of a host attaches to: the gateway's listener for all hosts, or one of the host's own. */
export function routeParent(address: AddressOf<Route>): Plain {
  return hasOwnListener(address)
    ? { group, kind: "ListenerSet", name: listenerName(address), sectionName: listeners.https }
    : { group, kind: "Gateway", name: publicGateway, namespace: gatewayNamespace, sectionName: listeners.https };
}

/** The listener of a host that has a certificate of its own, or asks clients for theirs; the first of those that share it brings it. */
export function hostListener(address: AddressOf<Route>): KubeObject[] {
  if (!hasOwnListener(address) || listenerName(address) !== address.name) return [];
  const { expose } = address;
  const { certificate, clientCertificates } = expose;
  const metadata = metadataOf(address);
  const listener = {
    name: listeners.https,
    port: httpsPort,
    protocol: "HTTPS",
    hostname: expose.host,
    tls: {
      mode: "Terminate",
      certificateRefs: [
        certificate === undefined
          ? { name: secretOf(expose.host, address.context), namespace: gatewayNamespace }
          : { name: certificate },
      ],
    },
  };
  return [
    listenerSet(metadata, listener),
    ...(certificate === undefined ? [certificateGrant(address)] : []),
    ...(clientCertificates === undefined ? [] : [clientPolicy(metadata, { tls: validation(clientCertificates) })]),
  ];
}

/** The listener of a host whose TLS the workload ends: nothing of it is read but the host that the client names. */
export function passthroughListener(address: AddressOf<Passthrough>): KubeObject {
  return listenerSet(metadataOf(address), {
    name: listeners.tls,
    port: httpsPort,
    protocol: "TLS",
    hostname: address.expose.host,
    tls: { mode: "Passthrough" },
    allowedRoutes: { kinds: [{ kind: "TLSRoute" }] },
  });
}

/** The listener of a port at the load balancer. */
export function portListener(address: AddressOf<Layer4>, port: number): KubeObject[] {
  const { protocol, connections } = address.expose;
  const metadata = metadataOf(address);
  const upper = protocol.toUpperCase();
  const allowedRoutes = { kinds: [{ kind: `${upper}Route` }] };
  return [
    listenerSet(metadata, { name: `${protocol}-${port}`, port, protocol: upper, allowedRoutes }),
    ...(connections === undefined
      ? []
      : [clientPolicy(metadata, { connection: { connectionLimit: { value: connections } } })]),
  ];
}

function hasOwnListener({ expose, context }: AddressOf<Route>): boolean {
  const { host, certificate, clientCertificates } = expose;
  return certificate !== undefined || clientCertificates !== undefined || !isUnderDomainCertificate(host, context);
}

/** Two listeners of one host would be in each other's way. */
function listenerName({ app, expose, name }: AddressOf<Route>): string {
  return ownerOfHost(app, expose.host)?.name ?? name;
}

function listenerSet(metadata: KubeObject["metadata"], listener: Plain): KubeObject {
  const parentRef = { name: publicGateway, namespace: gatewayNamespace };
  const spec = { parentRef, listeners: [listener] };
  return { apiVersion: gatewayApiVersion, kind: "ListenerSet", metadata, spec };
}

function validation({ authority, optional }: NonNullable<Route["clientCertificates"]>): Plain {
  return {
    clientValidation: {
      ...(optional === true ? { optional } : {}),
      caCertificateRefs: [{ group: "", kind: "Secret", name: authority }],
    },
  };
}

function clientPolicy(metadata: KubeObject["metadata"], fields: Plain): KubeObject {
  const spec = { targetRefs: targetRefs("ListenerSet", metadata.name), ...fields };
  return { apiVersion: envoyApiVersion, kind: "ClientTrafficPolicy", metadata, spec };
}

/** Leave for the listener to use the certificate of the stack's domain. */
function certificateGrant(address: AddressOf<Route>): KubeObject {
  const { name, namespace = "", labels = {} } = metadataOf(address);
  return {
    apiVersion: gatewayApiVersion,
    kind: "ReferenceGrant",
    metadata: { name: grantName(namespace, name), namespace: gatewayNamespace, labels },
    spec: {
      from: [{ group, kind: "ListenerSet", namespace }],
      to: [{ group: "", kind: "Secret", name: secretOf(address.expose.host, address.context) }],
    },
  };
}

/** The grants of all apps stand in one namespace: without the hash, `c` of `a-b` and `b-c` of `a` would meet. */
function grantName(namespace: string, name: string): string {
  return joinName([namespace, name, contentHash([namespace, name])]);
}
