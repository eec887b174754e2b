import type { Issuer } from "./token";

/** An app of the echo program: an address for each thing that the gateway does. `version` is told by the host `strict`. */
export function edgeApp(image: string, domain: string, issuer: Issuer, version = "zero"): object {
  const at = (name: string, more: object = {}): object => ({ host: `${name}.${domain}`, ...more });
  const traffic = (name: string, fields: object): object => at(name, { traffic: fields });
  return {
    name: "edge",
    workloads: {
      web: {
        kind: "service",
        image,
        port: 8080,
        replicas: 2,
        env: { NAME: "web" },
        expose: [
          at("plain"),
          at("rules", { routes: rules(domain) }),
          at("split", { routes: [{ to: { web: 90, next: 10 } }] }),
          traffic("slow", { timeout: "500ms" }),
          traffic("retried", { retries: { attempts: 3 } }),
          traffic("limited", { limit: { requests: 5, per: "hour" } }),
          traffic("fair", { limit: { requests: 2, per: "hour", by: "client" } }),
          traffic("blocked", { allow: ["203.0.113.0/24"] }),
          traffic("denied", { deny: ["0.0.0.0/0"] }),
          traffic("welcome", { allow: ["0.0.0.0/0"] }),
          traffic("cors", {
            cors: { origins: ["https://shop.example.com"], methods: ["PUT"], headers: ["x-token"], maxAge: "1h" },
          }),
          traffic("faulty", { fault: { abort: { status: 418 } } }),
          traffic("delayed", { fault: { delay: { time: "700ms" } } }),
          traffic("token", {
            jwt: {
              issuer: issuer.name,
              audiences: ["shop"],
              jwks: { inline: issuer.jwks },
              claims: { role: ["admin"] },
              forward: { sub: "x-user" },
            },
          }),
          traffic("sticky", { sticky: true }),
          traffic("packed", { compression: true }),
          traffic("small", { bodySize: "1Ki" }),
          traffic("closed", { maintenance: { page: "<h1>Back at noon</h1>", retryAfter: "2m" } }),
          traffic("strict", {
            securityHeaders: true,
            response: { set: { "x-team": "shop", "x-version": version }, remove: ["date"] },
          }),
          traffic("narrow", { circuitBreaker: { connections: 1, pending: 1, requests: 1 } }),
          at("own", { certificate: "own" }),
          at("mutual", { clientCertificates: { authority: "clients" } }),
        ],
      },
      next: { kind: "service", image, port: 8080, replicas: 1, env: { NAME: "next" } },
      grpc: {
        kind: "service",
        image,
        port: 8080,
        protocol: "grpc",
        replicas: 1,
        env: { NAME: "grpc" },
        expose: [at("calls", { routes: [{ path: "/petrichor.test.Echo" }] })],
      },
    },
  };
}

function rules(domain: string): readonly object[] {
  return [
    { path: "/old", redirect: { path: "/new", status: 301 } },
    { path: "/moved", redirect: { host: `plain.${domain}`, prefix: "/there" } },
    { path: "/outer", rewrite: { prefix: "/inner", host: "inside.example.com" } },
    { path: { regex: "/items/[0-9]+" }, rewrite: { regex: "/items/([0-9]+)", with: "/things/\\1" } },
    { path: "/beta", headers: { "x-beta": { regex: "yes|true" } }, to: "next" },
    { path: "/post", method: "POST", to: "next" },
    { path: "/search", query: { version: "2" }, to: "next" },
    { path: { exact: "/teapot" }, answer: { status: 418, body: "short and stout" } },
    { path: "/", request: { set: { "x-edge": "yes" }, remove: ["x-secret"] } },
  ];
}

/** Ports of each protocol that the app below has. */
export const portCount = 35;
const firstPort = 9001;
/** A port at the load balancer that lets in nobody from here. */
export const guardedPort = 30_900;
/** A port that carries two connections. */
export const narrowPort = 30_901;

/** An app with many automatic ports, half TCP and half UDP. */
export function portsApp(image: string): object {
  const numbers = Array.from({ length: portCount }, (_, index) => firstPort + index);
  const ports = numbers.flatMap((port) => [
    [`t${port}`, { port, protocol: "tcp" }] as const,
    [`u${port}`, { port, protocol: "udp" }] as const,
  ]);
  const all = `${firstPort}-${firstPort + portCount - 1}`;
  return {
    name: "ports",
    workloads: {
      echo: {
        kind: "service",
        image,
        port: 8080,
        replicas: 1,
        ports: Object.fromEntries<object>(ports),
        env: { TCP_PORTS: all, UDP_PORTS: all },
        expose: [
          ...ports.map(([port]) => ({ l4: "auto", port })),
          { l4: guardedPort, port: `t${firstPort}`, allow: ["203.0.113.0/24"] },
          { l4: narrowPort, port: `t${firstPort}`, connections: 2 },
        ],
      },
    },
  };
}
