import { admissionParameters, admissionPolicy } from "../../policies/admission";
import type { CelEvaluator, Form } from "../../policies/evaluator";
import type { ObjectRule } from "../../policies/rule";
import { objectRules } from "../../policies/rules";
import { easySettings, startEvaluator } from "./evaluator";
import { fixtures } from "./fixtures";
import { equivalent } from "./mutation-equivalents";

const forms: readonly Form[] = ["raw", "admitted"];
let evaluator: CelEvaluator;
beforeAll(async () => {
  evaluator = await startEvaluator();
}, 600_000);
afterAll(() => evaluator.close());

/** Whether a rule says of every case what is expected, whatever the reason where it can't be evaluated. */
async function satisfies(rule: ObjectRule): Promise<boolean> {
  const cases = fixtures.get(rule.name) ?? [];
  await evaluator.load([admissionPolicy(rule)]);
  const verdicts = await Promise.all(
    cases.flatMap(({ settings, expected, ...subject }) => {
      const parameters = admissionParameters({ ...easySettings, ...settings }, []);
      return forms.map(async (form) => {
        const [answer] = await evaluator.judge(parameters, form, [subject]);
        const [finding] = answer?.findings ?? [];
        return finding?.failed === undefined && (finding === undefined ? "pass" : "violation") === expected;
      });
    }),
  );
  return verdicts.every(Boolean);
}

test.each(objectRules)(
  "every change of $name is noticed",
  async (rule) => {
    const { name, expression } = rule;
    const mutants = await evaluator.mutants(expression);
    const always = ["true", "false"].map((text) => ({ change: `always ${text}`, expression: text }));
    const survivors: string[] = [];
    for (const mutant of [...always, ...mutants]) {
      if (await satisfies({ ...rule, expression: mutant.expression })) survivors.push(mutant.change);
    }
    expect(survivors.filter((change) => !(equivalent[name] ?? []).some((known) => known.test(change)))).toEqual([]);
  },
  120_000,
);
