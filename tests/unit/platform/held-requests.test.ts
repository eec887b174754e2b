import { routeObjects } from "../../../components/platform/engines/envoy-gateway/routes";
import { kedaHttpAddOn } from "../../../components/platform/engines/keda-http-add-on/engine";
import { scalerObjects } from "../../../components/platform/engines/keda/scaler";
import { emptyRelease } from "../../../components/app/release";
import type { KubeObject } from "../../../components/kube/object";
import type { EngineContext } from "../../../components/platform/engine";
import { facts, image, resolve } from "../../support/apps";

const capabilities = { gateway: true, autoscaling: true, buffering: { namespace: "keda", port: 8080 } };
const stack = { environment: "dev", domain: "dev.example.com", capabilities };
const context: EngineContext = {
  facts,
  settings: { domain: "dev.example.com", owner: "dev" },
  capabilities,
  image: (name) => name,
  upstream: () => [],
};
const scale = { min: 0, max: 8, on: [{ concurrency: 5 }], coldStart: { budget: "20s" } };

/** What the engines make of an app of these workloads. */
function objectsOf(workloads: Readonly<Record<string, object>>): KubeObject[] {
  const full = Object.entries(workloads).map(([name, one]) => [name, { kind: "service", image, port: 8080, ...one }]);
  const [app] = resolve([{ name: "shop", workloads: Object.fromEntries(full) as object }], emptyRelease, stack);
  if (app === undefined) throw new Error("nothing was resolved");
  return app.workloads.flatMap((workload) => [
    ...routeObjects(app, workload, context),
    ...(kedaHttpAddOn.forWorkload?.(app, workload, context) ?? []),
    ...scalerObjects(app, workload, context),
  ]);
}

const specsOf = (kind: string, objects: readonly KubeObject[]): object[] =>
  objects.filter((one) => one.kind === kind).map((one) => (one as KubeObject & { spec: object }).spec);

interface Rule {
  readonly filters?: readonly { readonly requestHeaderModifier?: { readonly set?: readonly object[] } }[];
  readonly timeouts?: { readonly request: string };
}
const rulesOf = (objects: readonly KubeObject[]): Rule[] =>
  specsOf("HTTPRoute", objects).flatMap((spec) => (spec as { rules: Rule[] }).rules);
const stampsOf = (objects: readonly KubeObject[]) =>
  rulesOf(objects).map(({ filters }) => filters?.flatMap((one) => one.requestHeaderModifier?.set ?? []));

describe("requests that are held while nobody answers", () => {
  test("are told apart where workloads share a host", () => {
    const host = "shop.dev.example.com";
    const objects = objectsOf({
      web: { expose: [{ host }], scale },
      api: { expose: [{ host, path: "/api" }], scale },
    });
    const [api, web] = ["shop/api/http", "shop/web/http"].map((value) => ({ name: "x-petrichor-recipient", value }));
    expect(stampsOf(objects)).toEqual([[api], [web]]);
    const inside = { hosts: expect.arrayContaining([expect.stringMatching(/^api-shop-\w+\.keda$/)]) as unknown };
    expect(specsOf("InterceptorRoute", objects)).toEqual([
      expect.objectContaining({ target: { service: "api", port: 8080 }, rules: [{ headers: [api] }, inside] }),
      expect.objectContaining({
        target: { service: "web", port: 8080 },
        rules: [{ headers: [web] }, expect.anything()],
      }),
    ]);
  });

  test("reach the port that their host is for, and each such port wakes", () => {
    const expose = [{ host: "auto" }, { host: "admin.dev.example.com", port: "admin" }];
    const objects = objectsOf({ web: { ports: { admin: 9090, metrics: 9091 }, expose, scale } });
    expect(stampsOf(objects)).toEqual([
      [{ name: "x-petrichor-recipient", value: "shop/web/http" }],
      [{ name: "x-petrichor-recipient", value: "shop/web/admin" }],
    ]);
    expect(specsOf("InterceptorRoute", objects)).toMatchObject([
      { target: { service: "web", port: 8080 } },
      { target: { service: "web", port: 9090 }, rules: [{ headers: [{ value: "shop/web/admin" }] }] },
    ]);
    expect(specsOf("ScaledObject", objects)).toMatchObject([
      { triggers: [{ metadata: { interceptorRoute: "web" } }, { metadata: { interceptorRoute: "web-port-admin" } }] },
    ]);
  });

  test("say nothing of whose they are where the workload isn't asked", () => {
    const routes = [{ path: "/old", redirect: { path: "/" } }, { path: "/next", to: "next" }, { path: "/" }];
    const objects = objectsOf({ web: { expose: [{ host: "auto", routes }], scale }, next: { replicas: 1 } });
    expect(stampsOf(objects).map((stamps) => stamps?.length)).toEqual([1, undefined, 1]);
  });
});

describe("times of an address", () => {
  const timed = (traffic: object, more: object = {}): KubeObject[] =>
    objectsOf({ web: { expose: [{ host: "auto", traffic }], scale, ...more } });
  const requestTimes = (objects: readonly KubeObject[]) => rulesOf(objects).map(({ timeouts }) => timeouts?.request);
  const interceptorTimes = (objects: readonly KubeObject[]) =>
    specsOf("InterceptorRoute", objects).map((spec) => (spec as { timeouts: object }).timeouts);

  test("count for the answer where the workload may sleep, and the time to wake goes beside them", () => {
    const objects = timed({ timeout: "2s", retries: { attempts: 2, timeout: "500ms" } });
    expect(requestTimes(objects)).toEqual(["22s"]);
    expect(interceptorTimes(objects)).toEqual([{ readiness: "20s", responseHeader: "2000ms" }]);
    expect(specsOf("BackendTrafficPolicy", objects)).toMatchObject([{ retry: { perRetry: { timeout: "20s500ms" } } }]);
  });

  test("leave the whole budget of a cold start where nothing is written", () => {
    const objects = timed({});
    expect(requestTimes(objects)).toEqual(["35s"]);
    expect(interceptorTimes(objects)).toEqual([{ readiness: "20s" }]);
  });

  test("stay as they are where a replica always runs, and bind nobody who calls from inside", () => {
    const awake = timed({ timeout: "2s" }, { scale: { min: 1, max: 8, on: [{ rps: 5 }] } });
    expect(requestTimes(awake)).toEqual(["2s"]);
    expect(interceptorTimes(awake)).toEqual([{ readiness: "60s" }]);
    const called = objectsOf({
      web: { expose: [{ host: "auto", traffic: { timeout: "2s" } }], scale },
      caller: { replicas: 1, links: { WEB: "web" } },
    });
    expect(interceptorTimes(called)).toEqual([{ readiness: "20s" }]);
  });

  test("don't end streams of gRPC, unless they are written", () => {
    const times = (traffic: object, more: object): unknown =>
      specsOf("BackendTrafficPolicy", timed(traffic, { protocol: "grpc", ...more }));
    const limited = (requestTimeout: string): unknown[] => [
      expect.objectContaining({ timeout: { http: { requestTimeout } } }),
    ];
    expect(times({}, { scale: { min: 1, max: 1 } })).toEqual(limited("0s"));
    expect(times({}, {})).toEqual(limited("0s"));
    expect(times({ timeout: "5s" }, {})).toEqual(limited("25s"));
  });
});
