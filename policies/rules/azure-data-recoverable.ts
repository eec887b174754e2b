import { at, everyResource } from "../clouds";
import type { CloudRule } from "../rule";

export const azureDataRecoverable: CloudRule = {
  scope: "cloud",
  cloud: "azure",
  name: "azure-data-recoverable",
  topic: "cloud",
  title: "Keys and backups in Azure can't be deleted for good by one call",
  why: "Without its key an encrypted disk is lost, and without its backup a deleted one.",
  remedy: "Turn soft delete and purge protection of vaults on, and soft delete of blobs",
  level: "mandatory",
  frameworks: { cis: "Azure 3.3.5" },
  judge: everyResource(
    ["azure-native:keyvault:Vault", "azure-native:storage:BlobServiceProperties"],
    (properties, { type }) => {
      if (type === "azure-native:keyvault:Vault") {
        const kept =
          at(properties, "properties.enableSoftDelete") !== false &&
          at(properties, "properties.enablePurgeProtection") === true;
        return kept ? undefined : "it has no purge protection";
      }
      return at(properties, "deleteRetentionPolicy.enabled") === true ? undefined : "deleted blobs are gone at once";
    },
  ),
};
