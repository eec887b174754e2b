import * as authorization from "@pulumi/azure-native/authorization";
import type * as pulumi from "@pulumi/pulumi";

/** Built-in roles by their fixed ids. Source: the Azure documentation's list of built-in roles. */
const roleIds = {
  /** Join nodes and the API server to a subnet. */
  networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
  /** Give a managed identity to nodes. */
  managedIdentityOperator: "f1a07417-d97a-45cb-824c-7a7467783830",
  /** Encrypt and decrypt with a key, without seeing it. */
  keyVaultCryptoUser: "12338af0-0e69-4776-bea7-57ae8d297424",
  /** Connect a private key vault to the cluster; gives no access to keys. */
  keyVaultContributor: "f25e0fa2-a7c8-4377-a976-54943a77a395",
  /** Pull images. */
  acrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  /** Write records of a DNS zone. */
  dnsZoneContributor: "befefa01-2a29-4197-83a8-272ff33ce314",
  /** Read, write and delete blobs. */
  blobDataContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  /** Do everything in the cluster. */
  aksClusterAdmin: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
  /** Look at everything in the cluster but Secrets. */
  aksReader: "7f6c6a51-bcf8-42ba-9220-52d62157d7db",
  /** Get the kubeconfig. */
  aksClusterUser: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
} as const;

export type RoleName = keyof typeof roleIds;

interface GrantArgs {
  readonly subscription: string;
  readonly role: RoleName;
  readonly principalId: pulumi.Input<string>;
  /** What the principal is: a managed identity, or a group of people. */
  readonly principalType: "ServicePrincipal" | "Group";
  /** Resource id that the role holds for. */
  readonly scope: pulumi.Input<string>;
}

/** Gives a role to a principal. Saying what the principal is spares the wait until a new identity is known everywhere. */
export function grant(name: string, args: GrantArgs, opts: pulumi.CustomResourceOptions): authorization.RoleAssignment {
  const { subscription, role, principalId, principalType, scope } = args;
  return new authorization.RoleAssignment(
    name,
    {
      principalId,
      principalType,
      scope,
      roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleIds[role]}`,
    },
    opts,
  );
}
