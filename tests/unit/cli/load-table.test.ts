import { decisionsOf, type KubeEvent, type Scaler, stateOf } from "../../../cli/workloads/decisions";
import { loadTable } from "../../../cli/workloads/load-table";

const scaler = (kind: string, name: string, conditions: object[] = []): Scaler =>
  ({
    kind,
    metadata: { name, namespace: "shop" },
    spec: { scaleTargetRef: { name: "web" } },
    status: { conditions },
  }) as Scaler;

const event = (kind: string, name: string, reason: string, message: string, at: string): KubeEvent => ({
  metadata: { namespace: "shop", creationTimestamp: at },
  involvedObject: { kind, name },
  reason,
  message,
  lastTimestamp: null,
  eventTime: at,
});

const own = [scaler("ScaledObject", "web"), scaler("HorizontalPodAutoscaler", "web-keda")];

describe("decisions of the autoscaler", () => {
  test("come last first, in words, and only of the workload's own scalers", () => {
    const selector = "(&LabelSelector{MatchLabels:map[string]string{scaledobject.keda.sh/name: web,},})";
    const grown = `New size: 4; reason: external metric s0-prometheus${selector} above target`;
    const woken = "Scaled apps/v1.Deployment shop/web from 0 to 1, triggered by external-push";
    const slept = "Deactivated apps/v1.Deployment shop/web from 1 to 0";
    const events = [
      event("ScaledObject", "web", "KEDAScaleTargetActivated", woken, "2026-01-01T10:00:00Z"),
      event("HorizontalPodAutoscaler", "web-keda", "SuccessfulRescale", grown, "2026-01-01T10:01:00Z"),
      event("ScaledObject", "web", "KEDAScaleTargetDeactivated", slept, "2026-01-01T10:05:00Z"),
      event("ScaledObject", "api", "KEDAScaleTargetActivated", woken, "2026-01-01T11:00:00Z"),
      event("ScaledObject", "web", "KEDAScalersStarted", "Started scalers watch", "2026-01-01T11:00:00Z"),
    ];
    expect(decisionsOf(own, events)).toEqual([
      { at: "2026-01-01T10:05:00Z", text: "1 to 0: no load" },
      { at: "2026-01-01T10:01:00Z", text: "to 4: external metric s0-prometheus above target" },
      { at: "2026-01-01T10:00:00Z", text: "0 to 1: triggered by external-push" },
    ]);
  });

  test.each([
    [[{ type: "Fallback", status: "True" }], "fallback: a measurement is missing"],
    [[{ type: "ScalingLimited", status: "True", reason: "TooManyReplicas" }], "at its most, and wants more"],
    [[{ type: "ScalingLimited", status: "True", reason: "TooFewReplicas" }], undefined],
    [
      [{ type: "ScalingActive", status: "False", reason: "FailedGetExternalMetric" }],
      "holds: a measurement is missing",
    ],
    [[{ type: "ScalingActive", status: "False", reason: "ScalingDisabled" }], undefined],
  ])("%j is told as %j", (conditions, told) => {
    expect(stateOf([scaler("HorizontalPodAutoscaler", "web-keda", conditions)])).toBe(told);
  });
});

test("the table leaves empty what nobody measures", () => {
  const common = { namespace: "shop", kind: "Deployment", image: "", addresses: [], since: "", app: "shop" };
  const text = loadTable(
    [
      {
        ...common,
        workload: "web",
        object: "deployment/web",
        ready: 3,
        wanted: 4,
        bounds: { min: 0, max: 8 },
        rate: 12.34,
        p95: 81.6,
        cpu: 120,
        memory: 64,
        decision: { at: "2026-01-01T10:00:00Z", text: "to 4: above target" },
        state: "at its most, and wants more",
      },
      { ...common, workload: "db", object: "statefulset/db", ready: 1, wanted: 1 },
    ],
    Date.parse("2026-01-01T10:03:20Z"),
  );
  expect(text.split("\n")).toEqual([
    "WORKLOAD  READY  BOUNDS  REQ/S  P95   CPU   MEMORY  LAST DECISION",
    "shop/web  3/4    0…8     12.3   82ms  120m  64Mi    to 4: above target (3m ago); at its most, and wants more",
    "shop/db   1/1    fixed",
  ]);
});
