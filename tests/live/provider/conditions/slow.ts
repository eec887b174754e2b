import { type Case, expectDone, expectHealthy, rolls } from "../cases";
import { slowness } from "../cluster";
import type { Kind } from "../kinds";
import { labelName, type Scenario } from "../scenario";

const hold = "petrichor.test/hold";
const canBeSlow = (kind: Kind): boolean => kind.canBeSlow === true;

/** Objects that take a while to get ready, and finalizers that take a while to be done. */
export async function run(scenario: Scenario): Promise<void> {
  const creating = scenario.up("create", { mode: "slow" });
  await scenario.backLate(slowness);
  await creating;
  await scenario.up("no-op", { mode: "slow" });
  await scenario.up("update", { mode: "slow", label: "second", rollout: "second" });
  await scenario.observe("refresh", (engine) => engine.refresh());
  await scenario.byOthers((kind, name) =>
    scenario.server.patch(kind, scenario.namespace, name, { metadata: { finalizers: [hold] } }),
  );
  const released = releaseWhenDeleted(scenario);
  await scenario.observe("delete", (engine) => engine.destroy());
  await released;
}

/** Takes the finalizers away once every object has waited for it. */
async function releaseWhenDeleted(scenario: Scenario): Promise<void> {
  await scenario.byOthers(async (kind, name) => {
    await scenario.server.waitForDeletion(kind, scenario.namespace, name);
    await scenario.server.patch(kind, scenario.namespace, name, { metadata: { finalizers: null } });
  });
}

export const cases: readonly Case[] = [
  {
    operation: "create",
    expectation: "is waited for until it is ready",
    source: "awaitLogic",
    only: canBeSlow,
    check: (seen) => {
      expectDone(seen, "create");
      expectHealthy(seen);
      const made = Date.parse(seen.after?.metadata.creationTimestamp ?? "");
      const recorded = Date.parse(seen.state?.modified ?? "");
      // The server's time stamps have whole seconds.
      expect(recorded - made).toBeGreaterThanOrEqual(slowness - 1000);
    },
  },
  {
    operation: "create",
    expectation: "is done when it exists: the kind has no readiness",
    source: "awaitAll",
    only: (kind) => !canBeSlow(kind),
    check: (seen) => {
      expectDone(seen, "create");
      expectHealthy(seen);
    },
  },
  {
    operation: "no-op",
    expectation: "is left alone",
    source: "prunedDiff",
    check: (seen) => {
      expectDone(seen, "same");
      expectHealthy(seen);
    },
  },
  {
    operation: "update",
    expectation: "is waited for until the newest version of its pods is ready",
    source: "awaitLogic",
    only: rolls,
    check: (seen, kind) => {
      expectDone(seen, "update");
      expectHealthy(seen);
      expect(seen.after?.metadata.uid).toBe(seen.before?.metadata.uid);
      const { status } = seen.state?.outputs ?? {};
      const newest = Object.fromEntries((kind.rolls ?? []).map((count) => [count, 1]));
      expect(status).toMatchObject({ ...newest, observedGeneration: 2 });
    },
  },
  {
    operation: "update",
    expectation: "is done at once where nothing has to get ready anew",
    source: "apply",
    only: (kind) => !rolls(kind),
    check: (seen) => {
      expectDone(seen, "update");
      expectHealthy(seen);
      expect(seen.after?.metadata.uid).toBe(seen.before?.metadata.uid);
      expect(seen.after?.metadata.labels?.[labelName]).toBe("second");
    },
  },
  {
    operation: "refresh",
    expectation: "finds nothing to change",
    source: "prunedDiff",
    check: (seen) => {
      expectDone(seen, "refresh");
      expectHealthy(seen);
    },
  },
  {
    operation: "delete",
    expectation: "is waited for until its finalizers are done",
    source: "awaitLogic",
    check: (seen) => {
      expectDone(seen, "delete");
      expect(seen.after).toBeUndefined();
      expect(seen.state).toBeUndefined();
    },
  },
];
