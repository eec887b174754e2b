import { engineExemptions } from "../../policies/engine-exemptions";
import type { CelEvaluator } from "../../policies/evaluator";
import { ObjectJudge } from "../../policies/judge";
import { objectRules, rules } from "../../policies/rules";
import { ensureEveryManifest, everyEngine } from "../support/engine-context";
import { engineObjects, type EngineId } from "./engine-objects";
import { easySettings, startEvaluator } from "./evaluator";

// Every object of every engine, as a cluster of ours and as a cloud's gets it, by the rules of an environment that asks for much.

const strict = { ...easySettings, registries: ["registry.example.com/apps/"], minimumReplicas: 2 };

let evaluator: CelEvaluator;
let judge: ObjectJudge;
beforeAll(async () => {
  await ensureEveryManifest();
  evaluator = await startEvaluator();
  judge = await ObjectJudge.with(evaluator, objectRules);
}, 20 * 60_000);
afterAll(() => evaluator.close());

describe.each(everyEngine.map(({ id }) => id as EngineId))("%s", (id) => {
  test.each(["published", "made here"] as const)("has leave for what it needs, images %s", async (images) => {
    const objects = engineObjects(id, images);
    const verdicts = await judge.judge(objects, { settings: strict, exemptions: engineExemptions });
    const refused = verdicts.filter(({ rule, exemption }) => rule.level === "mandatory" && exemption === undefined);
    expect(refused.map(({ rule, subject, message }) => `${rule.name} | ${subject} | ${message}`)).toEqual([]);
  });
});

test("every leave names a rule, an engine's object, and why", () => {
  for (const { rule, reason, owner } of engineExemptions) {
    expect(rules.map(({ name }) => name)).toContain(rule);
    expect(reason.length).toBeGreaterThan(20);
    expect(owner).toBe("platform");
  }
  const pairs = engineExemptions.map(({ rule, object }) => `${rule} ${object}`);
  expect(pairs).toEqual([...new Set(pairs)]);
});
