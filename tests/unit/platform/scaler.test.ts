import { service, worker } from "../../../components/app/definition";
import { embeddedFacts } from "../../../components/cluster/embedded";
import { resolveApps } from "../../../components/app/model/resolve";
import { emptyRelease } from "../../../components/app/release";
import { httpTriggers, requestTargets } from "../../../components/platform/engines/keda/http";
import { scalerObjects } from "../../../components/platform/engines/keda/scaler";
import type { KubeObject } from "../../../components/kube/object";

const image = `registry.example.com/shop/web@sha256:${"a".repeat(64)}`;
const capabilities = {
  gateway: true,
  autoscaling: true,
  buffering: { namespace: "keda", port: 8080 },
  measurements: true,
};
type Written = NonNullable<Parameters<typeof service>[0]["scale"]>;

function scalers(scale: Written, kind: "service" | "worker" = "service"): readonly KubeObject[] {
  const workload =
    kind === "service" ? service({ image, port: 8080, expose: [{ host: "auto" }], scale }) : worker({ image, scale });
  const definition = { name: "shop", workloads: { web: workload } };
  const [app] = resolveApps({
    definitions: [{ file: "apps/shop/app.ts", definition }],
    stack: { environment: "dev", domain: "example.com", capabilities },
    release: emptyRelease,
  });
  const [web] = app?.workloads ?? [];
  if (app === undefined || web === undefined) throw new Error("nothing was resolved");
  return scalerObjects(app, web, { facts: embeddedFacts });
}

const spec = (scale: Written): unknown => scalers(scale)[0]?.spec;

describe("the scaler of a workload", () => {
  test("is none where the number of replicas is fixed", () => {
    expect(scalers({ min: 3, max: 3 })).toEqual([]);
  });

  test("on CPU and memory with a replica that always runs is a HorizontalPodAutoscaler", () => {
    const [only, ...more] = scalers({ min: 2, max: 8, on: [{ cpu: "70%" }, { memory: "512Mi" }] });
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "web", namespace: "shop" },
      spec: {
        minReplicas: 2,
        maxReplicas: 8,
        scaleTargetRef: { kind: "Deployment", name: "web" },
        metrics: [
          { resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
          { resource: { name: "memory", target: { type: "AverageValue", averageValue: "512Mi" } } },
        ],
      },
    });
  });

  test("on requests is one ScaledObject with every trigger in it", () => {
    expect(scalers({ min: 0, max: 10, on: [{ concurrency: 20 }, { rps: 100 }, { cpu: "80%" }] })).toMatchObject([
      {
        kind: "ScaledObject",
        spec: {
          minReplicaCount: 0,
          maxReplicaCount: 10,
          triggers: [
            { type: "external-push", metadata: { interceptorRoute: "web" } },
            { type: "cpu", metricType: "Utilization", metadata: { value: "80" } },
          ],
        },
      },
    ]);
  });

  test("by the clock keeps the author's time zone", () => {
    const cron = { start: "0 8 * * 1-5", end: "0 18 * * 1-5", timezone: "Europe/Berlin", replicas: 4 };
    expect(spec({ min: 0, max: 10, on: [{ cron }] })).toMatchObject({
      triggers: [{ type: "cron", metadata: { timezone: "Europe/Berlin", desiredReplicas: "4" } }],
    });
  });

  test("on latency compares it as it is, and takes no answer for a missing measurement", () => {
    expect(spec({ min: 1, max: 10, on: [{ latency: { p99: "1s" } }] })).toMatchObject({
      triggers: [
        {
          type: "prometheus",
          metricType: "Value",
          metadata: { threshold: "1000", ignoreNullValues: "false", query: expect.stringContaining("0.99") as unknown },
        },
      ],
    });
  });

  test("on a query shares its result out among replicas", () => {
    expect(spec({ min: 0, max: 10, on: [{ promql: { query: "sum(waiting)", threshold: 2.5 } }] })).toMatchObject({
      triggers: [
        { type: "prometheus", metricType: "AverageValue", metadata: { query: "sum(waiting)", threshold: "2.5" } },
      ],
    });
  });

  test("holds what runs when a measurement is missing, and at least what always runs", () => {
    expect(spec({ min: 2, max: 10, on: [{ rps: 10 }] })).toMatchObject({
      fallback: { failureThreshold: 3, replicas: 2, behavior: "currentReplicasIfHigher" },
    });
  });

  test("keeps replicas warm while it is awake", () => {
    expect(spec({ min: 0, max: 10, on: [{ rps: 10 }], coldStart: { minWarm: 3 } })).toMatchObject({
      minReplicaCount: 3,
      idleReplicaCount: 0,
    });
  });

  test("moves as its author says", () => {
    const scale = {
      min: 1,
      max: 10,
      on: [{ rps: 10 }],
      window: { up: "10s", down: "5m" },
      step: { up: { replicas: 2, every: "1m" }, down: { percent: 10 } },
      cooldown: "3m",
      tolerance: "5%",
    } satisfies Written;
    expect(spec(scale)).toMatchObject({
      cooldownPeriod: 180,
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: {
            scaleUp: {
              stabilizationWindowSeconds: 10,
              tolerance: "0.05",
              policies: [{ type: "Pods", value: 2, periodSeconds: 60 }],
            },
            scaleDown: {
              stabilizationWindowSeconds: 300,
              tolerance: "0.05",
              policies: [{ type: "Percent", value: 10, periodSeconds: 15 }],
            },
          },
        },
      },
    });
  });

  test("never takes replicas away faster than it looks for load", () => {
    const scaled = spec({ min: 0, max: 10, on: [{ rps: 10 }] }) as {
      pollingInterval: number;
      cooldownPeriod: number;
      advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: number } } } };
    };
    expect(scaled.cooldownPeriod).toBeGreaterThan(scaled.pollingInterval);
    expect(scaled.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.stabilizationWindowSeconds).toBeGreaterThan(
      scaled.pollingInterval,
    );
  });
});

test("who scales on CPU alone has no requests to count", () => {
  expect(requestTargets({ scale: { on: [{ cpu: "50%" }] } } as never)).toBeUndefined();
  expect(httpTriggers({ scale: { on: [{ cpu: "50%" }] } } as never)).toEqual([]);
});
