import fc from "fast-check";
import { service } from "../../../components/app/definition";
import type { Capabilities } from "../../../components/app/model/capabilities";
import { settleScale } from "../../../components/app/model/scale";
import { settle, type Settled } from "../../../components/app/model/settle";
import type { ServiceModel } from "../../../components/app/model/types";
import { latencyQuery } from "../../../components/platform/engines/keda/latency";

const image = `registry.example.com/shop/web@sha256:${"a".repeat(64)}`;
const everything: Capabilities = { autoscaling: true, gateway: true, buffering: { namespace: "keda", port: 8080 } };

type Written = NonNullable<Parameters<typeof service>[0]["scale"]>;

const bounds = fc
  .tuple(fc.option(fc.integer({ min: 0, max: 1000 })), fc.option(fc.integer({ min: 1, max: 1000 })))
  .filter(([min, max]) => min === null || max === null || min <= max)
  .map(([min, max]): Written => ({ ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) }));
const exposed = fc.boolean();
const floor = fc.integer({ min: 0, max: 50 });

function settled(scale: Written | undefined, isExposed: boolean): Extract<Settled, { kind: "service" }> {
  const expose = isExposed ? { expose: [{ host: "auto" as const }] } : {};
  const written = service({ image, port: 8080, ...expose, ...(scale === undefined ? {} : { scale }) });
  return settle(written) as Extract<Settled, { kind: "service" }>;
}

test("whatever is written, the bounds are in order, and what always runs is within them", () => {
  fc.assert(
    fc.property(bounds, exposed, floor, fc.constantFrom({}, everything), (scale, isExposed, least, capabilities) => {
      const { min, max, on, fallback } = settleScale(settled(scale, isExposed), { capabilities, floor: least });
      expect(min).toBeLessThanOrEqual(max);
      expect(max).toBeGreaterThanOrEqual(1);
      expect(fallback.replicas).toBeGreaterThanOrEqual(Math.max(min, 1));
      expect(fallback.replicas).toBeLessThanOrEqual(max);
      // What may sleep can be woken.
      if (min === 0 && on.length > 0) expect(on.some((trigger) => "concurrency" in trigger)).toBe(true);
    }),
  );
});

test("the author's bounds count; a floor only raises them", () => {
  fc.assert(
    fc.property(bounds, exposed, floor, (scale, isExposed, least) => {
      const workload = settled(scale, isExposed);
      const without = settleScale(workload, { capabilities: everything, floor: 0 });
      const raised = settleScale(workload, { capabilities: everything, floor: least });
      if (scale.min !== undefined) expect(without.min).toBe(scale.min);
      if (scale.max !== undefined) expect(without.max).toBe(scale.max);
      expect(raised.min).toBeGreaterThanOrEqual(without.min);
      expect(raised.max).toBeGreaterThanOrEqual(without.max);
      if (without.min < without.max) expect(raised.min).toBe(Math.max(without.min, least));
      else expect(raised).toMatchObject({ min: without.min, max: without.max });
    }),
  );
});

test("an exposed service sleeps by itself only where its requests are held", () => {
  expect(settleScale(settled(undefined, true), { capabilities: everything, floor: 0 })).toMatchObject({
    min: 0,
    max: 10,
    on: [{ concurrency: 50 }],
  });
  expect(settleScale(settled(undefined, true), { capabilities: everything, floor: 2 })).toMatchObject({
    min: 2,
    max: 10,
  });
  for (const [isExposed, capabilities] of [
    [true, {}],
    [false, everything],
  ] as const) {
    expect(settleScale(settled(undefined, isExposed), { capabilities, floor: 0 })).toMatchObject({
      min: 1,
      max: 1,
      on: [],
    });
  }
});

test("an exposed service whose replicas the gateway has to tell apart doesn't sleep by itself", () => {
  for (const traffic of [{ sticky: true }, { sticky: { cookie: "session" } }, { circuitBreaker: { errors: 5 } }]) {
    const written = service({ image, port: 8080, expose: [{ host: "auto", traffic }] });
    const workload = settle(written) as Extract<Settled, { kind: "service" }>;
    expect(settleScale(workload, { capabilities: everything, floor: 0 })).toMatchObject({ min: 1, max: 1, on: [] });
  }
});

test("however bad a reading is, latency asks for at most twice and at least half of what runs", () => {
  const target = fc.integer({ min: 1, max: 600_000 });
  const reading = fc.double({ min: 0, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(target, reading, fc.integer({ min: 1, max: 1000 }), (wanted, measured, replicas) => {
      const [least, most] = boundsIn(latencyQuery(workload(1), 0.95, wanted));
      const bounded = Math.min(Math.max(measured, least), most);
      // The HorizontalPodAutoscaler's own rule for a metric that is compared as it is.
      const desired = Math.ceil((replicas * bounded) / wanted);
      expect(desired).toBeLessThanOrEqual(2 * replicas);
      expect(desired).toBeGreaterThanOrEqual(Math.ceil(replicas / 2));
    }),
  );
});

test("latency leaves cold starts out where there are any, and only there", () => {
  expect(latencyQuery(workload(0), 0.99, 250)).toContain("offset 30s");
  expect(latencyQuery(workload(1), 0.99, 250)).not.toContain("offset");
  expect(latencyQuery(workload(0), 0.99, 250)).toContain("(http|grpc)route/shop/(web|web-2)/rule/.*");
});

function boundsIn(query: string): [number, number] {
  const [, least = "", most = ""] = /clamp\(.* >= 0, ([\d.]+), ([\d.]+)\)/.exec(query) ?? [];
  return [Number(least), Number(most)];
}

function workload(min: number): ServiceModel {
  const route = { type: "route", host: "web.example.com", path: "/" };
  const some = { namespace: "shop", objectName: "web", expose: [route, route], scale: { min } };
  return some as unknown as ServiceModel;
}
