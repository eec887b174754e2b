import type { Exemption } from "../components/policy/settings";

/** What engines of the platform need that apps don't get; reviewed with every new version of an engine. */
export const engineExemptions: readonly Exemption[] = [];
