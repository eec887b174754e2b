import type { ClusterFacts } from "../cluster/facts";
import { type PlatformIdentity, platformIdentities } from "../cluster/identities";
import { PetrichorError } from "../errors";
import type { KubeObject } from "../kube/object";
import type { Objects } from "../kube/objects";

/** By what an engine proves who it is to the cloud of the cluster. */
interface Identity {
  /** Absent: the cloud is AWS, whose side of it names the service account. */
  readonly azure?: NonNullable<ClusterFacts["azureDns"]>;
  readonly clientId?: string;
}

/**
 * What an engine that writes DNS records needs to know of the cloud.
 * @throws PetrichorError CLUSTER_FACTS_UNKNOWN where the cluster doesn't say it
 */
export function requireIdentity(who: PlatformIdentity, facts: ClusterFacts): Identity {
  const { identity, azureDns: azure, identities = {} } = facts;
  if (identity === "aws-pod-identity") return {};
  const clientId = identities[who];
  if (identity === "azure-workload-identity" && azure !== undefined && clientId !== undefined)
    return { azure, clientId };
  const lacking = identity === "none" ? "identity" : azure === undefined ? "azureDns" : `identities.${who}`;
  throw new PetrichorError(
    "CLUSTER_FACTS_UNKNOWN",
    `the cluster names DNS zones, and its fact ${lacking} doesn't say as whom the platform may write records there.`,
    "Bring up its infrastructure and run `petrichor lock`, declare the fact, or take `dnsZones` out of the facts.",
  );
}

/** Lets the pods of an engine's service account prove who they are, where the cluster has zones that they write to. Pure. */
export function withIdentity(
  who: PlatformIdentity,
  objects: readonly KubeObject[],
  facts: ClusterFacts,
): readonly KubeObject[] {
  if ((facts.dnsZones ?? []).length === 0) return objects;
  const { clientId } = requireIdentity(who, facts);
  if (clientId === undefined) return objects;
  return objects.map((object) => {
    if (object.kind === "ServiceAccount" && object.metadata.name === platformIdentities[who].serviceAccount)
      return annotated(object, clientId);
    return object.kind === "Deployment" ? marked(object, platformIdentities[who].serviceAccount) : object;
  });
}

function annotated(object: KubeObject, clientId: string): KubeObject {
  const annotations = { ...object.metadata.annotations, "azure.workload.identity/client-id": clientId };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function marked(object: KubeObject, serviceAccount: string): KubeObject {
  const deployment = structuredClone(object) as unknown as Objects["Deployment"];
  const template = deployment.spec?.template;
  if (template?.spec?.serviceAccountName !== serviceAccount) return object;
  template.metadata = {
    ...template.metadata,
    labels: { ...template.metadata?.labels, "azure.workload.identity/use": "true" },
  };
  return deployment as unknown as KubeObject;
}
