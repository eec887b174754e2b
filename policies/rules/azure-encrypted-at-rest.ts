import { at, everyResource, listAt } from "../clouds";
import type { CloudRule } from "../rule";

export const azureEncryptedAtRest: CloudRule = {
  scope: "cloud",
  cloud: "azure",
  name: "azure-encrypted-at-rest",
  topic: "cloud",
  title: "What Azure keeps is encrypted twice",
  why: "Azure encrypts with keys of its own; what is secret must stay so when those are not enough.",
  remedy: "Encrypt Secrets by a key vault, disks at the host, and storage accounts with infrastructure encryption",
  level: "mandatory",
  frameworks: { cis: "AKS 5.3.1" },
  judge: everyResource(
    ["azure-native:containerservice:ManagedCluster", "azure-native:storage:StorageAccount"],
    (properties, { type, unknown = [] }) => {
      if (type === "azure-native:storage:StorageAccount") {
        const twice = at(properties, "encryption.requireInfrastructureEncryption") === true;
        return twice ? undefined : "it has no infrastructure encryption";
      }
      // Before the key is made, nothing is known of the profile that names it; the next preview judges it.
      const isOpen = unknown.includes("securityProfile");
      if (!isOpen && at(properties, "securityProfile.azureKeyVaultKms.enabled") !== true) {
        return "its Secrets are not encrypted by a key of ours";
      }
      const pools = listAt(properties, "agentPoolProfiles") as readonly Readonly<Record<string, unknown>>[];
      const plain = pools.filter(({ enableEncryptionAtHost }) => enableEncryptionAtHost !== true);
      return plain.length === 0 ? undefined : `nodes of ${String(plain[0]?.name)} don't encrypt at the host`;
    },
  ),
};
