import { at, everyResource } from "../clouds";
import type { CloudRule } from "../rule";

export const azureNoLocalAccounts: CloudRule = {
  scope: "cloud",
  cloud: "azure",
  name: "azure-no-local-accounts",
  topic: "cloud",
  title: "AKS and its registry let in people and workloads of Entra only",
  why: "A local account is a password that never expires and belongs to nobody.",
  remedy:
    "Set disableLocalAccounts and enableRBAC of the cluster; turn the registry's admin user and anonymous pulls off",
  level: "mandatory",
  frameworks: { cis: "AKS 5.1.2, 5.5.1" },
  judge: everyResource(
    ["azure-native:containerservice:ManagedCluster", "azure-native:containerregistry:Registry"],
    (properties, { type }) => {
      if (type === "azure-native:containerregistry:Registry") {
        if (at(properties, "adminUserEnabled") === true) return "its admin user is enabled";
        return at(properties, "anonymousPullEnabled") === true ? "anyone may pull from it" : undefined;
      }
      if (at(properties, "disableLocalAccounts") !== true) return "local accounts let in";
      return at(properties, "enableRBAC") === false ? "it has no RBAC" : undefined;
    },
  ),
};
