import type { Exemption, PolicySettings } from "../components/policy/settings";
import type { ClusterPrices } from "../components/policy/prices";
import { engineExemptions } from "./engine-exemptions";
import { exemptionsOn } from "./exemptions";
import type { RuleSettings } from "./rule";

/** What judging needs of a stack. */
export interface StackPolicy {
  readonly enforcement: PolicySettings["enforcement"];
  readonly settings: RuleSettings;
  /** Those that hold today: of the stack's file, and of the engines that the platform installs. */
  readonly exemptions: readonly Exemption[];
}

/**
 * The policy of a stack on a day.
 * @param today as `2027-01-31`, UTC
 * @param prices what things cost on the cluster; nothing where no price file is kept
 */
export function stackPolicy(
  stack: { readonly domain: string; readonly policy: PolicySettings },
  today: string,
  prices?: ClusterPrices,
): StackPolicy {
  const { enforcement, reach, domains, exemptions, ...settings } = stack.policy;
  return {
    enforcement,
    settings: {
      ...settings,
      domains: [stack.domain, ...domains],
      ...(prices === undefined ? {} : { prices }),
    },
    exemptions: [...exemptionsOn(today, exemptions), ...engineExemptions],
  };
}

/** Today as exemptions have it. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
