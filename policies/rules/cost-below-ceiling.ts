import { costOf } from "../cost";
import { rounded } from "../quantities";
import type { StackRule } from "../rule";
import { runningWorkloads } from "../workloads";

export const costBelowCeiling: StackRule = {
  scope: "stack",
  name: "cost-below-ceiling",
  topic: "cost",
  title: "A cluster's apps cost no more than was agreed, even when everything is scaled up",
  why: "What autoscaling may spend is decided by a person, not by the load.",
  remedy: "Lower scale.max or the resources of workloads, or raise policy.monthlyBudget of the stack file",
  level: "mandatory",
  field: "scale.max",
  judge: (objects, { monthlyBudget, prices }) => {
    if (monthlyBudget === undefined || prices === undefined) return [];
    const { max } = costOf(objects, prices);
    const [dearest] = runningWorkloads(objects).sort(
      (left, right) => costOf([right.object], prices).max - costOf([left.object], prices).max,
    );
    if (max <= monthlyBudget || dearest === undefined) return [];
    const { currency } = prices;
    const message = `scaled up, a month costs ${rounded(max)} ${currency}, and the budget is ${rounded(monthlyBudget)} ${currency}`;
    return [{ object: dearest.object, message }];
  },
};
