import type { Cost } from "../../policies/cost";
import type { Difference } from "./differences";
import { losses } from "./infrastructure";
import type { ClusterReport } from "./report";

/** `12 EUR` */
export function money(value: number, currency = ""): string {
  return `${Math.round(value)} ${currency}`.trim();
}

/** The sum of costs. */
export function sum(costs: readonly (Cost | undefined)[]): Cost {
  const total = (one: keyof Cost): number => costs.reduce((whole, cost) => whole + (cost?.[one] ?? 0), 0);
  return { min: total("min"), expected: total("expected"), max: total("max") };
}

/** `a → b`, or the one side that there is. */
export function sidesOf({ before, after }: Difference): string {
  return [before, after].filter((side) => side !== undefined).join(" → ");
}

/** What a reviewer has to know before anything else, worst first. */
export function headline({ findings, apps, platform, infrastructure }: ClusterReport): {
  text: string;
  tone: "bad" | "careful" | "good";
} {
  const refused = findings.filter(({ verdict }) => verdict === "refused").length;
  const against = infrastructure?.notPreviewed?.filter(({ code }) => code === "POLICY_VIOLATED").length ?? 0;
  if (refused + against > 0) return { text: `${counted(refused + against, "rule")} would refuse it`, tone: "bad" };
  if (infrastructure?.notPreviewed !== undefined) return { text: "infrastructure: not previewed", tone: "careful" };
  const lost = infrastructure === undefined ? 0 : losses(infrastructure).length;
  const risks = lost + apps.flatMap((app) => app.differences).filter(({ risk }) => risk !== undefined).length;
  if (risks > 0) return { text: `${counted(risks, "change")} to look at closely`, tone: "careful" };
  const changed = apps.filter(({ change }) => change !== "unchanged").length;
  if (changed > 0) return { text: `${counted(changed, "app")} would change`, tone: "good" };
  if ((infrastructure?.changes.length ?? 0) > 0) return { text: "infrastructure would change", tone: "good" };
  return { text: platform.length > 0 ? "only the platform would change" : "nothing would change", tone: "good" };
}

/** `1 rule`, `2 rules` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
