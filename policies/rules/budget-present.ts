import type { StackRule } from "../rule";
import { byNamespace, field, runningWorkloads, selects } from "../workloads";

export const budgetPresent: StackRule = {
  scope: "stack",
  name: "budget-present",
  topic: "availability",
  title: "Workloads with several replicas have a disruption budget",
  why: "Without one, draining nodes may take all replicas away at the same moment.",
  remedy: "Set disruption of the workload",
  level: "mandatory",
  field: "disruption",
  judge: (objects) => {
    const budgets = byNamespace(
      objects.filter(({ kind }) => kind === "PodDisruptionBudget"),
      (budget) => budget,
    );
    return runningWorkloads(objects)
      .filter(({ object, replicas: { min } }) => object.kind !== "DaemonSet" && min > 1)
      .filter(({ object, labels }) => !budgets(object).some(({ spec }) => selects(field(spec, "selector"), labels)))
      .map(({ object }) => ({ object, message: "no PodDisruptionBudget selects its pods" }));
  },
};
