import path from "node:path";
import { stringify } from "yaml";
import { embeddedFacts } from "../../components/cluster/embedded";
import type { ClusterFacts } from "../../components/cluster/facts";
import type { KubeObject } from "../../components/kube/object";
import type { EngineContext } from "../../components/platform/engine";
import { gatewayObjects } from "../../components/platform/engines/envoy-gateway/gateway";
import { routeObjects } from "../../components/platform/engines/envoy-gateway/routes";
import { emptyRelease } from "../../components/app/release";
import { facts, image, resolve } from "../support/apps";
import { expectGolden } from "../support/golden";

/** Clusters whose load balancers differ. */
const clusters: Readonly<Record<string, ClusterFacts>> = {
  embedded: embeddedFacts,
  aws: {
    ...facts,
    loadBalancerAnnotations: {
      "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing",
      "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
    },
  },
  "internal-azure": {
    ...facts,
    loadBalancerAnnotations: { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" },
  },
  "without-load-balancer": { ...facts, loadBalancer: "none", zones: ["hall"] },
};

function contextOn(cluster: ClusterFacts): EngineContext {
  return {
    facts: cluster,
    settings: { domain: "dev.example.com", owner: "dev" },
    capabilities: { gateway: true },
    image: (name) => `registry.example.com/${name}:v1`,
    upstream: () => [],
  };
}

test.each(Object.keys(clusters))("the gateway on a cluster like %s", (name) => {
  const cluster = clusters[name] ?? facts;
  expectGolden(path.join(__dirname, "engines", `gateway-${name}.yaml`), written(gatewayObjects(contextOn(cluster))));
});

/** An app with every field of addresses. */
const routed = {
  name: "shop",
  workloads: {
    web: {
      kind: "service",
      image,
      port: 8080,
      ports: { sql: 5432, dns: { port: 53, protocol: "udp" } },
      expose: [
        { host: "auto" },
        {
          host: "shop.dev.example.com",
          routes: [
            { path: "/old", redirect: { path: "/new", status: 301 } },
            { path: "/api", rewrite: { prefix: "/" }, to: { web: 90, next: 10 }, timeout: "1500ms" },
            { path: { regex: "/items/[0-9]+" }, rewrite: { regex: "/items/(.*)", with: "/things/\\1" } },
            { path: { exact: "/health" }, answer: { status: 200, body: "well" } },
            {
              path: "/beta",
              method: "GET",
              headers: { "x-beta": "yes", "x-user": { regex: "a.*" } },
              query: { version: "2" },
              request: { set: { "x-edge": "yes" } },
              response: { add: { "x-beta": "yes" }, remove: ["server"] },
            },
          ],
          traffic: {
            timeout: "10s",
            retries: { attempts: 2, on: [503], timeout: "2s" },
            limit: { requests: 100, per: "second", by: "client" },
            circuitBreaker: { connections: 100, pending: 10, requests: 200, errors: 5 },
            allow: ["10.0.0.0/8"],
            deny: ["10.9.0.0/16"],
            cors: { origins: ["https://shop.example.com"], credentials: true, maxAge: "1h" },
            jwt: {
              issuer: "https://id.example.com",
              audiences: ["shop"],
              jwks: "https://id.example.com/keys",
              claims: { role: ["admin"] },
              forward: { sub: "x-user" },
            },
            compression: true,
            bodySize: "1Mi",
            sticky: { cookie: "shop", age: "1d" },
            securityHeaders: true,
            fault: { delay: { time: "100ms", percent: "10%" }, abort: { status: 500, percent: "1%" } },
          },
        },
        {
          host: "own.dev.example.com",
          certificate: "own",
          clientCertificates: { authority: "clients", optional: true },
        },
        { host: "mutual.dev.example.com", clientCertificates: { authority: "clients" } },
        { host: "closed.dev.example.com", traffic: { maintenance: { retryAfter: "5m" } } },
        { tls: "db.dev.example.com", port: "sql" },
        { l4: "auto", port: "sql", allow: ["10.0.0.0/8"], connections: 100 },
        { l4: 30_053, port: "dns" },
      ],
    },
    next: { kind: "service", image, port: 8080 },
    api: {
      kind: "service",
      image,
      port: 9000,
      protocol: "grpc",
      expose: [{ host: "auto", routes: [{ path: { exact: "/shop.Orders/Get" } }], traffic: { timeout: "5s" } }],
    },
  },
};

test("the routes, filters, listeners and policies of an app with every field of addresses", () => {
  const release = { ...emptyRelease, apps: { shop: { web: { ports: { sql: 30_000 } } } } };
  const [app] = resolve([routed], release);
  if (app === undefined) throw new Error("nothing was resolved");
  const objects = app.workloads.flatMap((workload) => routeObjects(app, workload, contextOn(facts)));
  expectGolden(path.join(__dirname, "engines", "routes.yaml"), written(objects));
});

function written(objects: readonly KubeObject[]): string {
  return objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");
}
