import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import { type PlatformIdentity, platformIdentities } from "../identities";
import type { AzurePlace } from "./facts";
import { grant } from "./roles";

interface AzureNodeIdentitiesArgs {
  readonly place: AzurePlace;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
  readonly vaultId: pulumi.Input<string>;
  readonly subnetIds: Readonly<Record<"nodes" | "api-server", pulumi.Input<string>>>;
}

/** Who the control plane and the nodes are in Azure. Made before the cluster, with just the rights that they need. */
export class AzureNodeIdentities extends pulumi.ComponentResource {
  readonly controlPlane: managedidentity.UserAssignedIdentity;
  readonly kubelet: managedidentity.UserAssignedIdentity;
  /** Rights that have to be in place before the cluster is made. */
  readonly rights: readonly pulumi.Resource[];

  constructor(name: string, args: AzureNodeIdentitiesArgs, opts: pulumi.ComponentResourceOptions) {
    super("petrichor:cluster:AzureNodeIdentities", name, {}, opts);
    const { resourceGroupName, tags } = args;
    const identity = (suffix: string): managedidentity.UserAssignedIdentity =>
      new managedidentity.UserAssignedIdentity(`${name}-${suffix}`, { resourceGroupName, tags }, { parent: this });
    this.controlPlane = identity("control-plane");
    this.kubelet = identity("kubelet");
    const { subscription } = args.place.definition;
    const { principalId } = this.controlPlane;
    const allow = (
      suffix: string,
      role: Parameters<typeof grant>[1]["role"],
      scope: pulumi.Input<string>,
    ): pulumi.Resource =>
      grant(
        `${name}-${suffix}`,
        { subscription, role, principalId, principalType: "ServicePrincipal", scope },
        { parent: this },
      );
    this.rights = [
      allow("nodes-subnet", "networkContributor", args.subnetIds.nodes),
      allow("api-server-subnet", "networkContributor", args.subnetIds["api-server"]),
      allow("kubelet-identity", "managedIdentityOperator", this.kubelet.id),
      allow("vault-keys", "keyVaultCryptoUser", args.vaultId),
      allow("vault-link", "keyVaultContributor", args.vaultId),
    ];
    this.registerOutputs({ controlPlaneId: this.controlPlane.id, kubeletId: this.kubelet.id });
  }
}

interface AzureWorkloadIdentityArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
  readonly identity: PlatformIdentity;
  /** Address of the cluster's OpenID Connect issuer. */
  readonly issuer: pulumi.Input<string>;
}

/** An identity in Azure that one service account of the platform may take, by the cluster's word alone: no secret exists. */
export class AzureWorkloadIdentity extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;
  readonly principalId: pulumi.Output<string>;

  constructor(name: string, args: AzureWorkloadIdentityArgs, opts: pulumi.ComponentResourceOptions) {
    super("petrichor:cluster:AzureWorkloadIdentity", name, {}, opts);
    const { resourceGroupName, tags, issuer } = args;
    const { namespace, serviceAccount } = platformIdentities[args.identity];
    const identity = new managedidentity.UserAssignedIdentity(name, { resourceGroupName, tags }, { parent: this });
    new managedidentity.FederatedIdentityCredential(
      name,
      {
        resourceGroupName,
        resourceName: identity.name,
        issuer,
        subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
        audiences: ["api://AzureADTokenExchange"],
      },
      { parent: this },
    );
    this.clientId = identity.clientId;
    this.principalId = identity.principalId;
    this.registerOutputs({ clientId: this.clientId });
  }
}
