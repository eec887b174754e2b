import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../../components/kube/object";
import type { CelEvaluator, Form } from "../../policies/evaluator";
import { type JudgeOptions, judgeStack, ObjectJudge } from "../../policies/judge";
import type { RuleSettings } from "../../policies/rule";
import { cloudRules, objectRules, stackRules } from "../../policies/rules";
import { type PackFinding, type PolicyPack, resourceOf } from "../support/policy-pack";
import { easySettings, startEvaluator } from "./evaluator";
import { fixtures } from "./fixtures";
import { around, goodPod } from "./fixtures/cases";
import { cloudFixtures } from "./fixtures/clouds";
import { stackFixtures } from "./fixtures/stacks";
import { PackProject } from "./pack-project";

// Two judges before admission, the helper of these tests and the policy pack in its own process, say the same of every case. The third,
// the API server, is asked in tests/live/policies.test.ts.

jest.setTimeout(300_000);

const project = new PackProject();
let evaluator: CelEvaluator;
let judge: ObjectJudge;
beforeAll(async () => {
  evaluator = await startEvaluator();
  judge = await ObjectJudge.with(evaluator, objectRules);
}, 600_000);
afterAll(async () => {
  await evaluator.close();
  project.delete();
});

const objectCases = [...fixtures].flatMap(([rule, cases]) => cases.map((one) => ({ rule, ...one })));
const stackCases = Object.entries(stackFixtures).flatMap(([rule, cases]) => cases.map((one) => ({ rule, ...one })));

/** The settings that cases are judged with; a pack process serves one stack and so one of them. */
const settingsOfCases: readonly (Partial<RuleSettings> | undefined)[] = [...objectCases, ...stackCases]
  .map(({ settings }) => settings)
  .filter((one, index, all) => all.findIndex((other) => isDeepStrictEqual(one, other)) === index)
  // A project with a budget and no prices is refused before anything is judged.
  .filter((settings) => settings?.monthlyBudget === undefined || settings.prices !== undefined);

const names = (found: readonly { readonly rule: string | { readonly name: string } }[]): string[] =>
  [...new Set(found.map(({ rule }) => (typeof rule === "string" ? rule : rule.name)))].sort();

/** What rules about several objects have against which of them, and why. */
function verdicts(objects: readonly KubeObject[], options: JudgeOptions): PackFinding[] {
  return judgeStack(stackRules, objects, options).map(({ rule, object, message }) => ({
    rule: rule.name,
    message,
    level: rule.level,
    resource: resourceOf(object).name,
  }));
}

/** Findings in one order, with the message alone of what the pack says. */
function told(found: readonly PackFinding[]): string[] {
  return found
    .map(({ rule, resource, message }) => `${rule} ${resource} ${message.slice(message.indexOf("\n") + 1)}`)
    .sort();
}

describe.each(settingsOfCases.map((settings) => [JSON.stringify(settings ?? {}), settings] as const))(
  "with the settings %s",
  (_, changed) => {
    const settings = { ...easySettings, ...changed };
    const options = { settings, exemptions: [] };
    let pack: PolicyPack;
    beforeAll(async () => {
      pack = await project.start(settings);
    });
    afterAll(() => pack.stop());

    // The pack is asked before a request is made: it knows of no deletion, and of an update what it leads to.
    const objects = objectCases.filter((one) => isDeepStrictEqual(one.settings, changed) && one.object !== undefined);
    const stacks = stackCases.filter((one) => isDeepStrictEqual(one.settings, changed));

    test(`judges ${objects.length} objects and ${stacks.length} stacks alike, and as it is expected of them`, async () => {
      const disagreements: unknown[] = [];
      for (const { rule, name, expected, object } of objects) {
        if (object === undefined) continue;
        const helper = async (form: Form): Promise<string[]> =>
          names(await judge.judge([object], { ...options, form }));
        const answers = {
          pack: names(await pack.judge(object)),
          raw: await helper("raw"),
          admitted: await helper("admitted"),
        };
        const agreed = new Set(Object.values(answers).map(String)).size === 1;
        if (!agreed || answers.pack.includes(rule) !== (expected === "violation")) {
          disagreements.push({ rule, case: name, expected, ...answers });
        }
      }
      for (const { rule, name, expected, objects: all } of stacks) {
        const found = await pack.judgeStack(all.map(resourceOf));
        const answers = { pack: told(found), helper: told(verdicts(all, options)) };
        const broken = names(found).includes(rule);
        if (!isDeepStrictEqual(answers.pack, answers.helper) || broken !== (expected === "violation")) {
          disagreements.push({ rule, case: name, expected, ...answers });
        }
      }
      expect(disagreements).toEqual([]);
      expect(objects.length + stacks.length).toBeGreaterThan(0);
    });
  },
);

describe("without settings of its own", () => {
  let pack: PolicyPack;
  beforeAll(async () => {
    pack = await project.start(easySettings);
  });
  afterAll(() => pack.stop());

  const cloudCases = Object.entries(cloudFixtures).flatMap(([rule, cases]) => cases.map((one) => ({ rule, ...one })));

  test(`the ${cloudCases.length} cases of the clouds are judged alike`, async () => {
    for (const { rule, name, expected, resources } of cloudCases) {
      const found = await pack.judgeStack(resources);
      const helper = cloudRules.filter((one) => one.judge(resources).length > 0);
      expect({ rule, name, found: names(found) }).toEqual({
        rule,
        name,
        found: names(helper.map((one) => ({ rule: one }))),
      });
      expect(names(found).includes(rule)).toBe(expected === "violation");
    }
  });

  test("mandatory rules refuse and advisory ones do not", async () => {
    const object = around("Deployment", { ...goodPod, hostPID: true });
    const bare = { ...object, metadata: { ...object.metadata, labels: {} } };
    const levels = (await pack.judge(bare)).map(({ rule, level }) => [rule, level]);
    expect(levels).toEqual([
      ["no-host-namespaces", "mandatory"],
      ["owner-named", "advisory"],
    ]);
  });

  test("a rule that has a fix remedies where the pack is configured so, and the judge is content then", async () => {
    const fixable = objectRules.filter(({ fix }) => fix !== undefined);
    expect(fixable.length).toBeGreaterThan(3);
    await pack.configure(Object.fromEntries(fixable.map(({ name }) => [name, "remediate" as const])));
    for (const { name } of fixable) {
      const broken = objectCases.find(
        (one) => one.rule === name && one.expected === "violation" && one.settings === undefined,
      )?.object as KubeObject;
      expect(names(await pack.judge(broken))).toContain(name);
      const remedied = (await pack.remedy(broken)).get(name);
      if (remedied === undefined) throw new Error(`${name} remedies nothing`);
      expect(names(await pack.judge(remedied))).not.toContain(name);
    }
  });
});
