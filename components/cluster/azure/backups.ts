import * as storage from "@pulumi/azure-native/storage";
import type { input as inputs } from "@pulumi/azure-native/types";
import * as pulumi from "@pulumi/pulumi";
import { type AzurePlace, backupContainer, globalNames } from "./facts";
import { AzureWorkloadIdentity } from "./identities";
import { grant } from "./roles";

interface AzureBackupsArgs {
  readonly place: AzurePlace;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
  readonly issuer: pulumi.Input<string>;
}

/** The storage for backups: copies in three zones, versions, no public blobs, no account keys. Velero alone writes to it. */
export class AzureBackups extends pulumi.ComponentResource {
  /** Client id of Velero's identity. */
  readonly clientId: pulumi.Output<string>;

  constructor(
    name: string,
    { place, resourceGroupName, tags, issuer }: AzureBackupsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("petrichor:cluster:AzureBackups", name, {}, opts);
    const { deletionProtection: protect, subscription } = place.definition;
    const account = new storage.StorageAccount(
      name,
      {
        resourceGroupName,
        accountName: globalNames(place.definition).storageAccount,
        kind: "StorageV2",
        sku: { name: "Standard_ZRS" },
        accessTier: "Cool",
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        allowCrossTenantReplication: false,
        enableHttpsTrafficOnly: true,
        minimumTlsVersion: "TLS1_2",
        encryption: { keySource: "Microsoft.Storage", requireInfrastructureEncryption: true },
        tags,
      },
      { parent: this, protect },
    );
    const accountName = account.name;
    new storage.BlobServiceProperties(
      name,
      {
        resourceGroupName,
        accountName,
        blobServicesName: "default",
        isVersioningEnabled: true,
        deleteRetentionPolicy: { enabled: true, days: 7 },
        containerDeleteRetentionPolicy: { enabled: true, days: 7 },
      },
      { parent: this },
    );
    const container = new storage.BlobContainer(
      name,
      { resourceGroupName, accountName, containerName: backupContainer, publicAccess: "None" },
      { parent: this, protect },
    );
    new storage.ManagementPolicy(
      name,
      { resourceGroupName, accountName, managementPolicyName: "default", policy: { rules: [retention(place)] } },
      { parent: this },
    );
    const writer = new AzureWorkloadIdentity(
      name,
      { resourceGroupName, tags, identity: "backups", issuer },
      { parent: this },
    );
    grant(
      name,
      {
        subscription,
        role: "blobDataContributor",
        principalId: writer.principalId,
        principalType: "ServicePrincipal",
        scope: container.id,
      },
      { parent: this },
    );
    this.clientId = writer.clientId;
    this.registerOutputs({ container: container.id });
  }
}

function retention({ definition }: AzurePlace): inputs.storage.ManagementPolicyRuleArgs {
  const days = Number.parseInt(definition.backups.retention, 10);
  return {
    name: "expire",
    type: "Lifecycle",
    definition: {
      filters: { blobTypes: ["blockBlob"] },
      actions: {
        baseBlob: { delete: { daysAfterModificationGreaterThan: days } },
        // A deleted or overwritten backup can be brought back for a week.
        version: { delete: { daysAfterCreationGreaterThan: 7 } },
      },
    },
  };
}
