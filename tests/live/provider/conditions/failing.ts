import { type Case, alwaysReady, expectAdopted, expectDone, expectFailed, expectHealthy, waits } from "../cases";
import type { Scenario } from "../scenario";

const patience = 12;
const hold = "petrichor.test/hold";

/** Objects that never get ready, and finalizers that are never done. */
export async function run(scenario: Scenario): Promise<void> {
  await scenario.up("create", { mode: "failing", patience });
  await scenario.up("no-op", { mode: "failing", patience });
  await scenario.observe("refresh", (engine) => engine.refresh());
  await scenario.importAside();
  await scenario.up("update", { mode: "ready", patience: 60 });
  await scenario.up("no-op when mended", { mode: "ready", patience });
  await scenario.byOthers((kind, name) =>
    scenario.server.patch(kind, scenario.namespace, name, { metadata: { finalizers: [hold] } }),
  );
  await scenario.up("no-op with short patience", { mode: "ready", patience: 5 });
  await scenario.observe("delete", (engine) => engine.destroy());
  await scenario.byOthers((kind, name) =>
    scenario.server.patch(kind, scenario.namespace, name, { metadata: { finalizers: null } }).catch(() => undefined),
  );
  await scenario.observe("delete again", (engine) => engine.destroy());
}

export const cases: readonly Case[] = [
  {
    operation: "create",
    expectation: "exists, its failure is named by its own reason, and is recorded",
    source: "initErrors",
    only: waits,
    check: (seen, { failure }) => {
      expect(seen.code).not.toBe(0);
      expectFailed(seen, "create");
      expect(seen.after).toBeDefined();
      expect(seen.state?.initErrors?.join("\n")).toMatch(failure ?? /^$/);
      expect(seen.message).toMatch(failure ?? /^$/);
    },
  },
  {
    operation: "create",
    expectation: "is not held up by others' failure",
    source: "awaitAll",
    only: alwaysReady,
    check: (seen) => {
      expectDone(seen, "create");
      expectHealthy(seen);
    },
  },
  {
    operation: "no-op",
    expectation: "is tried again: an unchanged program waits for it anew and fails again",
    source: "initErrors",
    only: waits,
    check: (seen) => {
      expectFailed(seen, "update");
      expect(seen.after?.metadata.uid).toBe(seen.before?.metadata.uid);
      expect(seen.state?.initErrors).not.toEqual([]);
    },
  },
  {
    operation: "refresh",
    expectation: "keeps the failure on record",
    source: "initErrors",
    only: waits,
    check: (seen) => {
      expectDone(seen, "refresh");
      expect(seen.state?.initErrors ?? []).not.toEqual([]);
    },
  },
  {
    operation: "import",
    expectation: "is adopted as it is: reading an object for the first time waits for nothing",
    source: "importAsItIs",
    check: expectAdopted,
  },
  {
    operation: "update",
    expectation: "goes on from the failed object and gets it ready",
    source: "initErrors",
    only: waits,
    check: (seen) => {
      expectDone(seen);
      expectHealthy(seen);
    },
  },
  {
    operation: "no-op when mended",
    expectation: "is at rest",
    source: "prunedDiff",
    check: (seen) => {
      expectDone(seen, "same");
      expectHealthy(seen);
    },
  },
  {
    operation: "delete",
    expectation: "ends after its time-out, names the finalizer, and forgets nothing",
    source: "awaitLogic",
    check: (seen) => {
      expectFailed(seen, "delete");
      expect(seen.message).toContain(hold);
      expect(seen.after).toBeDefined();
      expect(seen.state).toBeDefined();
    },
  },
  {
    operation: "delete again",
    expectation: "finishes what the first one began",
    source: "deletionOutOfBand",
    check: (seen) => {
      expect(seen.after).toBeUndefined();
      expect(seen.state).toBeUndefined();
    },
  },
];
