import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Case, expectDone, expectFailed, expectUntouched } from "../cases";
import type { Scenario } from "../scenario";

/** A cluster that does not answer: every operation says so, and nothing is taken for missing. */
export async function run(scenario: Scenario): Promise<void> {
  const dead = join(scenario.engine.folder, "dead-kubeconfig");
  const address = /server: .*/g;
  writeFileSync(dead, readFileSync(scenario.server.kubeconfig, "utf8").replace(address, "server: https://127.0.0.1:1"));
  const cut = { environment: { KUBECONFIG: dead } };
  const withFlag = (flag: string) => ({ environment: { KUBECONFIG: dead, [flag]: "true" } });
  await scenario.up("create", {}, cut);
  await scenario.up("create when it is back");
  await scenario.importAside({}, cut);
  await scenario.up("no-op", {}, cut);
  await scenario.up("update", { label: "second" }, cut);
  await scenario.up("update to be skipped", { label: "second" }, withFlag("PULUMI_K8S_SKIP_UPDATE_UNREACHABLE"));
  await scenario.observe("refresh", (engine) => engine.refresh(cut));
  await scenario.observe("delete", (engine) => engine.destroy(cut));
  await scenario.observe("refresh that forgets", (engine) => engine.refresh(withFlag("PULUMI_K8S_DELETE_UNREACHABLE")));
}

export const cases: readonly Case[] = [
  {
    operation: "create",
    expectation: "fails; nothing is in the state",
    source: "unreachable",
    check: (seen) => {
      expectFailed(seen, "create");
      expect(seen.message).toContain("unreachable");
      expect(seen.after).toBeUndefined();
      expect(seen.state).toBeUndefined();
    },
  },
  {
    operation: "import",
    expectation: "fails; nothing is in the state",
    source: "unreachableRefresh",
    check: (seen) => {
      expect(seen.code).not.toBe(0);
      expect(seen.output).toContain("unreachable");
      expect(seen.state).toBeUndefined();
    },
  },
  {
    operation: "no-op",
    expectation: "needs no server",
    source: "prunedDiff",
    check: (seen) => {
      expectDone(seen, "same");
      expectUntouched(seen);
    },
  },
  {
    operation: "update",
    expectation: "fails; object and state stay",
    source: "unreachable",
    check: (seen) => {
      expectFailed(seen, "update");
      expect(seen.message).toContain("unreachable");
      expectUntouched(seen);
    },
  },
  {
    operation: "update to be skipped",
    expectation: "leaves the resource alone with skipUpdateUnreachable",
    source: "schema",
    check: (seen) => {
      expectDone(seen, "same");
      expectUntouched(seen);
    },
  },
  {
    operation: "refresh",
    expectation: "fails; it is not taken for missing",
    source: "unreachableRefresh",
    check: (seen) => {
      expect(seen.code).not.toBe(0);
      expect(seen.output).toContain("unreachable");
      expectUntouched(seen);
    },
  },
  {
    operation: "delete",
    expectation: "fails; it is not taken for deleted",
    source: "unreachable",
    check: (seen) => {
      expectFailed(seen, "delete");
      expect(seen.message).toContain("PULUMI_K8S_DELETE_UNREACHABLE");
      expectUntouched(seen);
    },
  },
  {
    operation: "refresh that forgets",
    expectation: "forgets the resource with deleteUnreachable, and deletes nothing",
    source: "unreachableForgotten",
    check: (seen) => {
      expect(seen.state).toBeUndefined();
      expect(seen.after?.metadata.uid).toBe(seen.before?.metadata.uid);
    },
  },
];
