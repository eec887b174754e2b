import * as containerregistry from "@pulumi/azure-native/containerregistry";
import * as pulumi from "@pulumi/pulumi";
import { type AzurePlace, globalNames } from "./facts";
import { grant } from "./roles";

interface AzureRegistryArgs {
  readonly place: AzurePlace;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
  /** Principal of the nodes' identity. */
  readonly kubeletPrincipalId: pulumi.Input<string>;
}

/** The registry: nobody logs in with a password, nodes pull, pushes come with Entra tokens; public registries are pulled through a cache. */
export class AzureRegistry extends pulumi.ComponentResource {
  constructor(name: string, args: AzureRegistryArgs, opts: pulumi.ComponentResourceOptions) {
    super("petrichor:cluster:AzureRegistry", name, {}, opts);
    const { place, resourceGroupName, tags } = args;
    const { subscription, deletionProtection, mirrors } = place.definition;
    const registry = new containerregistry.Registry(
      name,
      {
        resourceGroupName,
        registryName: globalNames(place.definition).registry,
        // The tier with zone redundancy.
        sku: { name: "Premium" },
        zoneRedundancy: "Enabled",
        adminUserEnabled: false,
        anonymousPullEnabled: false,
        // Off: a push by digest leaves a manifest without tag, and production may run it.
        policies: { retentionPolicy: { status: "disabled" } },
        tags,
      },
      { parent: this, protect: deletionProtection },
    );
    grant(
      `${name}-pull`,
      {
        subscription,
        role: "acrPull",
        principalId: args.kubeletPrincipalId,
        principalType: "ServicePrincipal",
        scope: registry.id,
      },
      { parent: this },
    );
    for (const mirror of mirrors) {
      new containerregistry.CacheRule(
        `${name}-${mirror}`,
        {
          resourceGroupName,
          registryName: registry.name,
          // Letters, digits and dashes only.
          cacheRuleName: mirror.replaceAll(".", "-"),
          sourceRepository: `${mirror}/*`,
          targetRepository: `${mirror}/*`,
        },
        { parent: this },
      );
    }
    this.registerOutputs({ loginServer: registry.loginServer });
  }
}
