import * as keyvault from "@pulumi/azure-native/keyvault";
import * as pulumi from "@pulumi/pulumi";
import { type AzurePlace, globalNames } from "./facts";

interface AzureKeysArgs {
  readonly place: AzurePlace;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The key that encrypts Kubernetes Secrets, in a vault that only the cluster reaches (private link) and that can't be emptied: what is deleted
 * stays for ninety days.
 */
export class AzureKeys extends pulumi.ComponentResource {
  readonly vault: keyvault.Vault;
  /** Id of the key with its version, as AKS wants it. */
  readonly secretsKeyId: pulumi.Output<string>;

  constructor(name: string, { place, resourceGroupName, tags }: AzureKeysArgs, opts: pulumi.ComponentResourceOptions) {
    super("petrichor:cluster:AzureKeys", name, {}, opts);
    const protect = place.definition.deletionProtection;
    this.vault = new keyvault.Vault(
      name,
      {
        resourceGroupName,
        vaultName: globalNames(place.definition).vault,
        properties: {
          tenantId: place.definition.tenant,
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          enablePurgeProtection: true,
          softDeleteRetentionInDays: 90,
          publicNetworkAccess: "Disabled",
          networkAcls: { bypass: "AzureServices", defaultAction: "Deny" },
        },
        tags,
      },
      { parent: this, protect },
    );
    const key = new keyvault.Key(
      `${name}-secrets`,
      {
        resourceGroupName,
        vaultName: this.vault.name,
        keyName: "kubernetes-secrets",
        properties: { kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] },
        tags,
      },
      { parent: this, protect },
    );
    this.secretsKeyId = key.keyUriWithVersion;
    this.registerOutputs({ vaultId: this.vault.id, secretsKeyId: this.secretsKeyId });
  }
}
