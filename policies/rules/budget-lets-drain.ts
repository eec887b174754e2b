import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const budgetLetsDrain: ObjectRule = {
  scope: "object",
  name: "budget-lets-drain",
  topic: "availability",
  title: "Disruption budgets let nodes be drained",
  why: "A budget that allows no disruption at all keeps nodes from being updated, until someone deletes it in haste.",
  remedy: "Raise maxUnavailable to at least 1, or lower minAvailable below 100%",
  level: "mandatory",
  field: "disruption",
  match: [kinds.PodDisruptionBudget],
  expression:
    "!(string(object.?spec.?maxUnavailable.orValue(1)) in ['0', '0%']) && string(object.?spec.?minAvailable.orValue(1)) != '100%'",
  message: "'no pod may ever be evicted'",
};
