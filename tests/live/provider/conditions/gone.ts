import { type Case, expectDone, expectFailed, expectHealthy } from "../cases";
import type { Scenario } from "../scenario";

/** Objects that somebody deleted behind Pulumi's back. */
export async function run(scenario: Scenario): Promise<void> {
  const vanish = (): Promise<void> =>
    scenario.byOthers((kind, name) => scenario.server.remove(kind, scenario.namespace, name));
  await scenario.up("create");
  await vanish();
  await scenario.up("no-op");
  await scenario.up("update", { label: "second" });
  await scenario.observe("refresh", (engine) => engine.refresh());
  await scenario.up("create after refresh", { label: "second" });
  await vanish();
  await scenario.importAside();
  await scenario.observe("delete", (engine) => engine.destroy());
}

export const cases: readonly Case[] = [
  {
    operation: "no-op",
    expectation: "is believed to be there: only a refresh looks",
    source: "prunedDiff",
    check: (seen) => {
      expectDone(seen, "same");
      expect(seen.after).toBeUndefined();
    },
  },
  {
    operation: "update",
    expectation: "fails and says what to do; nothing is made by half",
    source: "deletionOutOfBand",
    check: (seen) => {
      expectFailed(seen, "update");
      expect(seen.message).toContain("pulumi refresh");
      expect(seen.after).toBeUndefined();
      expect(seen.state).toBeDefined();
    },
  },
  {
    operation: "refresh",
    expectation: "notices and forgets it",
    source: "deletionOutOfBand",
    check: (seen) => {
      expectDone(seen, "refresh");
      expect(seen.state).toBeUndefined();
    },
  },
  {
    operation: "create after refresh",
    expectation: "is made anew, once",
    source: "notDuplicated",
    check: (seen) => {
      expectDone(seen, "create");
      expectHealthy(seen);
    },
  },
  {
    operation: "import",
    expectation: "fails: there is nothing to adopt",
    source: "importMissing",
    check: (seen) => {
      expect(seen.code).not.toBe(0);
      expect(seen.output).toContain("does not exist");
      expect(seen.after).toBeUndefined();
      expect(seen.state).toBeUndefined();
    },
  },
  {
    operation: "delete",
    expectation: "takes it for done",
    source: "deletionOutOfBand",
    check: (seen) => {
      expectDone(seen, "delete");
      expect(seen.state).toBeUndefined();
    },
  },
];
