import { stringify } from "yaml";
import { admissionParameters, admissionPolicy } from "../../policies/admission";
import type { CelEvaluator } from "../../policies/evaluator";
import { podPaths } from "../../policies/kinds";
import { objectRules } from "../../policies/rules";
import { expectGolden } from "../support/golden";
import { easySettings, startEvaluator } from "./evaluator";
import { fixtures, written } from "./fixtures";
import { edgeFile, edgesOf, optionalFields, required, subjectOf, valuesOf } from "./fixtures/edges";

// Every rule has the cases in which expressions go wrong: read off its expression, so that a rule that changes asks for new ones.

// Hundreds of questions to another process.
jest.setTimeout(120_000);

let evaluator: CelEvaluator;
beforeAll(async () => {
  evaluator = await startEvaluator();
}, 600_000);
afterAll(() => evaluator.close());

test("what rules say of their edges is what was reviewed", async () => {
  const all: Record<string, Record<string, string>> = {};
  for (const rule of objectRules) {
    await evaluator.load([admissionPolicy(rule)]);
    const verdicts: Record<string, string> = {};
    for (const { name, settings, ...subject } of edgesOf(rule, written.get(rule.name) ?? [])) {
      const parameters = admissionParameters({ ...easySettings, ...settings }, []);
      const [answer] = await evaluator.judge(parameters, "raw", [subject]);
      const [finding] = answer?.findings ?? [];
      verdicts[name] = finding === undefined ? "pass" : finding.failed === true ? "failed" : "violation";
    }
    if (Object.keys(verdicts).length > 0) all[rule.name] = verdicts;
  }
  expectGolden(edgeFile, stringify(all));
});

describe.each(objectRules.map((rule) => [rule.name, rule] as const))("%s", (name, rule) => {
  const cases = fixtures.get(name) ?? [];
  const { all, lists } = optionalFields(rule);

  test("has cases with and without each field that it takes for optional, and with each of its lists empty", () => {
    const missing = all.flatMap((field) => {
      const values = cases.map((one) => valuesOf(subjectOf(one), field));
      const empty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
      return [
        ...(values.some(({ length }) => length > 0) ? [] : [`${field} present`]),
        ...(required.includes(field) || values.some(({ length }) => length === 0) ? [] : [`${field} absent`]),
        ...(!lists.includes(field) || values.some((ones) => ones.some(empty)) ? [] : [`${field} empty`]),
      ];
    });
    expect(missing).toEqual([]);
  });

  test("has cases of an object that the API server fills with defaults", async () => {
    const objects = cases.flatMap((one) => subjectOf(one) ?? []);
    const admitted = await evaluator.admit(objects);
    const filled = admitted.filter(({ object }, index) => JSON.stringify(object) !== JSON.stringify(objects[index]));
    expect(filled.length).toBeGreaterThan(0);
  });
});

test.each(objectRules.filter(({ match }) => match.some(({ kind }) => Object.hasOwn(podPaths, kind) && kind === "Pod")))(
  "$name has cases of init and of ephemeral containers",
  ({ name }) => {
    for (const list of ["initContainers", "ephemeralContainers"]) {
      const found = (fixtures.get(name) ?? []).filter((one) =>
        valuesOf(subjectOf(one), list).some((value) => (value as unknown[]).length > 0),
      );
      expect({ list, found: found.length > 0 }).toEqual({ list, found: true });
    }
  },
);
