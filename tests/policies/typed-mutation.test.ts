import { isDeepStrictEqual } from "node:util";
import type { CloudRule, StackRule } from "../../policies/rule";
import { cloudRules, stackRules } from "../../policies/rules";
import { easySettings } from "./evaluator";
import { cloudFixtures } from "./fixtures/clouds";
import { stackFixtures } from "./fixtures/stacks";
import { typedMutants } from "./mutants/typed";
import { typedEquivalents } from "./mutation-equivalents";

/** Whether a rule says of every case what is expected; one that throws says nothing. */
function satisfied(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}

function stackSatisfies(rule: StackRule): boolean {
  return (stackFixtures[rule.name] ?? []).every(({ objects, settings, expected }) => {
    const found = rule.judge(objects, { ...easySettings, ...settings });
    if (expected === "pass") return found.length === 0;
    const culprit = objects.find(({ metadata }) => metadata.name === "culprit");
    const blamed = found.map(({ object }) => object);
    return (
      blamed.length === 1 && blamed.every((one) => (culprit === undefined ? objects.includes(one) : one === culprit))
    );
  });
}

function cloudSatisfies(rule: CloudRule): boolean {
  return (cloudFixtures[rule.name] ?? []).every(({ resources, expected }) => {
    const found = rule.judge(resources).map(({ resource }) => resource);
    return isDeepStrictEqual(found, expected === "violation" ? [resources[0]] : []);
  });
}

function survivors<Rule extends StackRule | CloudRule>(rule: Rule, satisfies: (mutant: Rule) => boolean): string[] {
  expect(satisfies(rule)).toBe(true);
  const nothing = { change: "find nothing", rule: { ...rule, judge: () => [] } };
  const mutants = typedMutants(rule);
  expect(mutants.length).toBeGreaterThan(1);
  return [nothing, ...mutants]
    .filter(({ rule: mutant }) => satisfied(() => satisfies(mutant)))
    .map(({ change }) => change)
    .filter((change) => !(typedEquivalents[rule.name] ?? []).some((known) => known.test(change)));
}

test.each(stackRules)("every change of $name is noticed", (rule) => {
  expect(survivors(rule, stackSatisfies)).toEqual([]);
});

test.each(cloudRules)("every change of $name is noticed", (rule) => {
  expect(survivors(rule, cloudSatisfies)).toEqual([]);
});
