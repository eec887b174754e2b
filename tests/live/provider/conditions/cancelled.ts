import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { type Case, alwaysReady, expectDone, expectHealthy, expectUntouched, rolls, waits } from "../cases";
import { kinds } from "../kinds";
import type { Scenario } from "../scenario";

const hold = "petrichor.test/hold";

/** A person presses Ctrl-C while the engine waits. */
export async function run(scenario: Scenario): Promise<void> {
  await scenario.up(
    "create",
    { mode: "failing" },
    { started: interruptWhen(/creating .*waiting|not given an address|Pending/) },
  );
  await scenario.up("no-op", { mode: "ready", patience: 60 });
  await cancelRefresh(scenario);
  await cancelRollout(scenario);
  await scenario.up("update again", { mode: "ready", rollout: "third", patience: 60 });
  await scenario.byOthers((kind, name) =>
    scenario.server.patch(kind, scenario.namespace, name, { metadata: { finalizers: [hold] } }),
  );
  await scenario.observe("delete", (engine) => engine.destroy({ started: interruptWhen(/held by/) }));
  await scenario.byOthers((kind, name) =>
    scenario.server.patch(kind, scenario.namespace, name, { metadata: { finalizers: null } }).catch(() => undefined),
  );
  await scenario.observe("delete again", (engine) => engine.destroy());
}

/** A server that takes connections and never answers. */
async function cancelRefresh(scenario: Scenario): Promise<void> {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const kubeconfig = join(scenario.engine.folder, "silent-kubeconfig");
  const real = readFileSync(scenario.server.kubeconfig, "utf8");
  writeFileSync(kubeconfig, real.replace(/server: .*/g, `server: http://127.0.0.1:${port}`));
  await scenario.observe("refresh", (engine) =>
    engine.refresh({ environment: { KUBECONFIG: kubeconfig }, started: interruptWhen(/refreshing/, 1000) }),
  );
  silent.close();
}

/** A new version of pods that never get ready; the rest of the stack is no target of the update. */
async function cancelRollout(scenario: Scenario): Promise<void> {
  const targets = kinds.filter(rolls).map(({ kind }) => `--target=**::${kind}`);
  const resources = scenario.resources({ mode: "failing", rollout: "second" });
  scenario.engine.write("resources.json", JSON.stringify(resources));
  await scenario.observe("update", (engine) =>
    engine.pulumi(["up", "--yes", "--skip-preview", "--continue-on-error", ...targets], {
      started: interruptWhen(/updating .*(Ready|Available): 0\/1/),
    }),
  );
}

/** Long enough for all that can start to have started. */
const settled = 8000;

function interruptWhen(printed: RegExp, wait = settled): (engine: ChildProcess, output: () => string) => void {
  return (engine, output) => {
    const poll = setInterval(() => {
      if (!printed.test(output())) return;
      clearInterval(poll);
      setTimeout(() => engine.kill("SIGINT"), wait).unref();
    }, 100);
    engine.once("close", () => {
      clearInterval(poll);
    });
  };
}

export const cases: readonly Case[] = [
  {
    operation: "create",
    expectation: "stops waiting soon; the object that exists is in the state",
    source: "cancel",
    only: (kind) => waits(kind) && !["Job", "CustomResourceDefinition"].includes(kind.kind),
    check: (seen) => {
      expect(seen.code).not.toBe(0);
      expect(seen.after).toBeDefined();
      expect(seen.state?.initErrors?.join("\n")).toContain("canceled");
    },
  },
  {
    operation: "create",
    expectation: "what was done stays done",
    source: "cancel",
    only: alwaysReady,
    check: expectHealthy,
  },
  {
    operation: "no-op",
    expectation: "the next update finishes it; nothing is lost or made twice",
    source: "notDuplicated",
    check: (seen) => {
      expectHealthy(seen);
      expect(seen.before).toBeDefined();
    },
  },
  {
    operation: "refresh",
    expectation: "fails; what does not answer is not taken for missing, and the state stays whole",
    source: "unreachableRefresh",
    check: (seen) => {
      expect(seen.code).not.toBe(0);
      expect(seen.output).toContain("cancelling");
      expectUntouched(seen);
      expectHealthy(seen);
    },
  },
  {
    operation: "update",
    expectation: "stops waiting soon; what was written stays, and the state has it as unfinished",
    source: "cancel",
    only: rolls,
    check: (seen) => {
      expect(seen.code).not.toBe(0);
      expect(seen.after?.metadata.uid).toBe(seen.before?.metadata.uid);
      expect(JSON.stringify(seen.after?.spec)).toContain('"petrichor.test/rollout":"second"');
      expect({ initErrors: seen.state?.initErrors, output: seen.output }).toMatchObject({
        initErrors: expect.arrayContaining([expect.stringContaining("canceled")]) as unknown,
      });
    },
  },
  {
    operation: "update",
    expectation: "the state has what the object says now, beside the inputs of the last update that was done",
    source: "oldInputs",
    only: rolls,
    check: ({ state }) => {
      expect(JSON.stringify(state?.outputs?.["spec"])).toContain('"petrichor.test/rollout":"second"');
      expect(JSON.stringify(state?.inputs)).not.toContain("petrichor.test/rollout");
    },
  },
  {
    operation: "update again",
    expectation: "the next update finishes it",
    source: "initErrors",
    only: rolls,
    check: (seen) => {
      expectDone(seen, "update");
      expectHealthy(seen);
      expect(seen.after?.metadata.uid).toBe(seen.before?.metadata.uid);
    },
  },
  {
    operation: "delete",
    expectation: "stops waiting soon; the resource stays in the state",
    source: "cancel",
    check: (seen) => {
      expect(seen.code).not.toBe(0);
      expect(seen.after).toBeDefined();
      expect(seen.state).toBeDefined();
    },
  },
  {
    operation: "delete again",
    expectation: "finishes what the first one began",
    source: "cancel",
    check: (seen) => {
      expect(seen.after).toBeUndefined();
      expect(seen.state).toBeUndefined();
    },
  },
];
