import { service, worker } from "../../../components/app/definition";
import { resolveApps } from "../../../components/app/model/resolve";
import { emptyRelease } from "../../../components/app/release";
import { httpTrigger, requestTargets } from "../../../components/platform/engines/keda/http";
import { scalerObjects } from "../../../components/platform/engines/keda/scaler";
import type { KubeObject } from "../../../components/kube/object";

const image = `registry.example.com/shop/web@sha256:${"a".repeat(64)}`;
type Written = NonNullable<Parameters<typeof service>[0]["scale"]>;

function scalers(scale: Written, kind: "service" | "worker" = "service"): readonly KubeObject[] {
  const workload = kind === "service" ? service({ image, port: 8080, scale }) : worker({ image, scale });
  const definition = { name: "shop", workloads: { web: workload } };
  const [app] = resolveApps({
    definitions: [{ file: "apps/shop/app.ts", definition }],
    stack: { environment: "dev", domain: "example.com" },
    release: emptyRelease,
  });
  const [web] = app?.workloads ?? [];
  if (app === undefined || web === undefined) throw new Error("nothing was resolved");
  return scalerObjects(app, web);
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

  test.each([{ latency: { p95: "250ms" } as const }, { promql: { query: "up", threshold: 1 } }])(
    "on %j is refused while there is no metrics store",
    (trigger) => {
      expect(() => scalers({ min: 1, max: 10, on: [trigger] })).toThrow(
        expect.objectContaining({
          code: "ENGINE_LACKING",
          place: expect.objectContaining({ app: "shop" }) as unknown,
        }) as Error,
      );
    },
  );

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

test("a target below one request is one: the add-on knows whole requests only", () => {
  const workload = { scale: { min: 0, max: 2, on: [{ concurrency: 0.4 }] }, ports: [] } as never;
  expect(requestTargets(workload)).toEqual({ concurrency: { targetValue: 1 } });
  expect(httpTrigger({ scale: { min: 0, max: 2, on: [{ cpu: "50%" }] }, ports: [] } as never)).toBeUndefined();
});
