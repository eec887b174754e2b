import type { Traffic } from "../../../app/definition/traffic";
import { type ExposeModel } from "../../../app/model/types";
import type { KubeObject } from "../../../kube/object";
import { toMilliseconds } from "../../../kube/units";
import { type AddressOf, envoyApiVersion, isGrpc, type Layer4, metadataOf, type Route, targetRefs } from "./address";
import { gatewayDuration, share } from "./units";
import { requestTime } from "../keda/timeouts";

type Plain = Readonly<Record<string, unknown>>;

/** Envoy Gateway's policies for what routes themselves can't say of an address. */
export function policyObjects(address: AddressOf<Route>): KubeObject[] {
  const kind = isGrpc(address) ? "GRPCRoute" : "HTTPRoute";
  const { traffic } = address.expose;
  return [
    ...policy(address, "BackendTrafficPolicy", kind, backendTraffic(address)),
    ...policy(address, "SecurityPolicy", kind, security(traffic, isGrpc(address))),
  ];
}

/** Who may connect to a port. */
export function portPolicyObjects(address: AddressOf<Layer4>): KubeObject[] {
  const { allow } = address.expose;
  if (allow === undefined) return [];
  return policy(address, "SecurityPolicy", "TCPRoute", { authorization: authorization({ allow: [...allow] }) });
}

/** A policy of a kind for the route of an address; none where it would say nothing. */
function policy(address: AddressOf<ExposeModel>, kind: string, routeKind: string, fields: Plain): KubeObject[] {
  if (Object.keys(fields).length === 0) return [];
  const metadata = metadataOf(address);
  const spec = { targetRefs: targetRefs(routeKind, metadata.name), ...fields };
  return [{ apiVersion: envoyApiVersion, kind, metadata, spec }];
}

function backendTraffic(address: AddressOf<Route>): Plain {
  const { retries, limit, circuitBreaker, compression, bodySize, sticky, fault } = address.expose.traffic;
  return {
    ...(retries === undefined ? {} : { retry: retry(address, retries) }),
    ...(limit === undefined ? {} : { rateLimit: { type: "Local", local: { rules: [limitRule(limit)] } } }),
    ...(circuitBreaker === undefined ? {} : breaker(circuitBreaker)),
    ...(compression === true ? { compressor: compressors } : {}),
    ...(bodySize === undefined ? {} : { requestBuffer: { limit: bodySize } }),
    ...(sticky === undefined || sticky === false ? {} : { loadBalancer: stickiness(sticky) }),
    ...(fault === undefined ? {} : { faultInjection: faults(fault) }),
    ...(isGrpc(address) ? { timeout: { http: { requestTimeout: grpcTimeout(address) } } } : {}),
  };
}

/** Without its own field, even an empty one, Envoy Gateway leaves a compressor out. */
const compressors = [
  { type: "Brotli", brotli: {} },
  { type: "Gzip", gzip: {} },
  { type: "Zstd", zstd: {} },
];

/** A stream lasts as long as its two sides want, unless somebody says otherwise; they have deadlines of their own. */
function grpcTimeout({ workload, expose, context }: AddressOf<Route>): string {
  const { timeout } = expose.traffic;
  return gatewayDuration(timeout === undefined ? 0 : (requestTime(workload, timeout, context.capabilities) ?? 0));
}

function retry(
  { workload, context }: AddressOf<Route>,
  { attempts, on = [502, 503, 504], timeout }: NonNullable<Traffic["retries"]>,
): Plain {
  const time = timeout === undefined ? undefined : requestTime(workload, timeout, context.capabilities);
  return {
    numRetries: attempts,
    retryOn: {
      triggers: ["connect-failure", "refused-stream", "reset", "retriable-status-codes"],
      httpStatusCodes: on,
    },
    perRetry: {
      // Tries follow each other quickly: what failed is most often one replica of several.
      backOff: { baseInterval: "25ms", maxInterval: "1s" },
      ...(time === undefined ? {} : { timeout: gatewayDuration(time) }),
    },
  };
}

const limitUnits = { second: "Second", minute: "Minute", hour: "Hour" } as const;

function limitRule({ requests, per, by }: NonNullable<Traffic["limit"]>): Plain {
  const limit = { requests, unit: limitUnits[per] };
  if (by === undefined) return { limit };
  return { clientSelectors: [{ sourceCIDR: { type: "Distinct", value: "0.0.0.0/0" } }], limit };
}

function breaker({ connections, pending, requests, errors }: NonNullable<Traffic["circuitBreaker"]>): Plain {
  const limits = {
    ...(connections === undefined ? {} : { maxConnections: connections }),
    ...(pending === undefined ? {} : { maxPendingRequests: pending }),
    ...(requests === undefined ? {} : { maxParallelRequests: requests }),
  };
  return {
    ...(Object.keys(limits).length === 0 ? {} : { circuitBreaker: limits }),
    ...(errors === undefined
      ? {}
      : { healthCheck: { passive: { consecutive5XxErrors: errors, interval: "1s", baseEjectionTime: "30s" } } }),
  };
}

function stickiness(sticky: NonNullable<Traffic["sticky"]>): Plain {
  const { cookie = "petrichor-replica", age = "0s" } = typeof sticky === "object" ? sticky : {};
  const attributes = { Path: "/", Secure: "true", SameSite: "Lax" };
  return {
    type: "ConsistentHash",
    // A lifetime of 0 is a cookie of the session.
    consistentHash: { type: "Cookie", cookie: { name: cookie, ttl: gatewayDuration(toMilliseconds(age)), attributes } },
  };
}

function faults({ delay, abort }: NonNullable<Traffic["fault"]>): Plain {
  return {
    ...(delay === undefined
      ? {}
      : { delay: { fixedDelay: gatewayDuration(toMilliseconds(delay.time)), percentage: share(delay.percent) } }),
    ...(abort === undefined ? {} : { abort: { httpStatus: abort.status, percentage: share(abort.percent) } }),
  };
}

function security(traffic: Traffic, grpc: boolean): Plain {
  const { cors, jwt, allow, deny } = traffic;
  return {
    // Where a route has no filter for it.
    ...(grpc && cors !== undefined ? { cors: { allowOrigins: cors.origins } } : {}),
    ...(jwt === undefined ? {} : { jwt: { providers: [provider(jwt)] } }),
    ...(allow === undefined && deny === undefined && jwt?.claims === undefined
      ? {}
      : { authorization: authorization(traffic) }),
  };
}

const providerName = "issuer";

function provider({ issuer, audiences, jwks, forward }: NonNullable<Traffic["jwt"]>): Plain {
  return {
    name: providerName,
    issuer,
    ...(audiences === undefined ? {} : { audiences }),
    ...(typeof jwks === "string"
      ? { remoteJWKS: { uri: jwks } }
      : { localJWKS: { type: "Inline", inline: jwks.inline } }),
    ...(forward === undefined
      ? {}
      : { claimToHeaders: Object.entries(forward).map(([claim, header]) => ({ claim, header })) }),
  };
}

/** Refusals come first; where somebody is let in by name, everybody else is refused. */
function authorization({ allow, deny, jwt }: Pick<Traffic, "allow" | "deny" | "jwt">): Plain {
  const claims = Object.entries(jwt?.claims ?? {}).map(([name, values]) => ({ name, valueType: "String", values }));
  const principal = {
    ...(allow === undefined ? {} : { clientCIDRs: allow }),
    ...(claims.length === 0 ? {} : { jwt: { provider: providerName, claims } }),
  };
  const isRestricted = Object.keys(principal).length > 0;
  return {
    defaultAction: isRestricted ? "Deny" : "Allow",
    rules: [
      ...(deny === undefined ? [] : [{ name: "deny", action: "Deny", principal: { clientCIDRs: deny } }]),
      ...(isRestricted ? [{ name: "allow", action: "Allow", principal }] : []),
    ],
  };
}
