import { admissionParameters, admissionPolicy } from "../../policies/admission";
import type { CelEvaluator, Form } from "../../policies/evaluator";
import { objectRules } from "../../policies/rules";
import { easySettings, startEvaluator } from "./evaluator";
import { fixtures } from "./fixtures";

let evaluator: CelEvaluator;
beforeAll(async () => {
  evaluator = await startEvaluator();
}, 600_000);
afterAll(() => evaluator.close());

test("every object rule has passing and violating cases", () => {
  expect([...fixtures.keys()].sort()).toEqual(objectRules.map(({ name }) => name).sort());
  for (const cases of fixtures.values()) {
    expect(new Set(cases.map(({ expected }) => expected))).toEqual(new Set(["pass", "violation"]));
  }
});

describe.each(objectRules)("$name", (rule) => {
  const cases = fixtures.get(rule.name) ?? [];

  test.each<Form>(["raw", "admitted"])("judges its cases as expected, %s", async (form) => {
    await evaluator.load([admissionPolicy(rule)]);
    const judged = await Promise.all(
      cases.map(async ({ name, settings, ...subject }) => {
        const parameters = admissionParameters({ ...easySettings, ...settings }, []);
        const [answer] = await evaluator.judge(parameters, form, [subject]);
        return { name, answer };
      }),
    );
    for (const [index, { name, answer }] of judged.entries()) {
      const { expected } = cases[index] ?? {};
      expect({ name, ...answer, findings: (answer?.findings ?? []).length }).toEqual({
        name,
        judged: 1,
        findings: expected === "violation" ? 1 : 0,
      });
      expect(answer?.findings?.[0]?.failed).toBeUndefined();
    }
  });
});
