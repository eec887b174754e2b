import { isDeepStrictEqual } from "node:util";
import { PetrichorError, type Place } from "../errors";
import { awsFacts } from "./aws/facts";
import { azureFacts } from "./azure/facts";
import { rangeProblem } from "./address-ranges";
import type { CloudDefinition } from "./check";
import type { ClusterFacts } from "./facts";
import { factsSchema } from "./facts-schema";

/** A cluster that exists already, as far as facts go. */
interface ExistingDefinition {
  readonly kind: "existing";
  /** What its owner declares; it beats what was read from the cluster. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

export interface FactSources {
  readonly environment: string;
  /** Name of the cluster in its stack. */
  readonly cluster: string;
  readonly definition: CloudDefinition | ExistingDefinition;
  /** Facts of this cluster in the release file, written by `petrichor lock`. Absent before the first lock. */
  readonly locked?: Readonly<Record<string, unknown>>;
}

/**
 * The facts of a cluster before any engine starts: what its description says, completed with what was locked.
 *
 * @throws PetrichorError CLUSTER_FACTS_UNKNOWN when something is neither declared nor locked; CLUSTER_FACTS_CONTRADICT when the two say
 * different things, or things that can't be true together.
 */
export function knownFacts(sources: FactSources): ClusterFacts {
  const place = { stack: sources.environment, field: `clusters.${sources.cluster}` };
  const facts =
    sources.definition.kind === "existing"
      ? existingFacts(sources, sources.definition, place)
      : cloudFacts(sources, sources.definition, place);
  const [contradiction] = contradictions(facts);
  if (contradiction === undefined) return facts;
  throw new PetrichorError(
    "CLUSTER_FACTS_CONTRADICT",
    `the facts of cluster "${sources.cluster}" contradict each other: ${contradiction}.`,
    "Correct `facts` in the stack file, or run `petrichor lock` if the cluster has changed.",
    place,
  );
}

function existingFacts(
  { cluster, locked }: FactSources,
  { facts: declared }: ExistingDefinition,
  place: Place,
): ClusterFacts {
  const parsed = factsSchema.safeParse({ ...locked, ...declared });
  if (parsed.success) return withAddresses(parsed.data, cluster, place);
  const missing = parsed.error.issues.map(({ path }) => path.join("."));
  throw new PetrichorError(
    "CLUSTER_FACTS_UNKNOWN",
    `nothing says ${missing.join(", ")} of cluster "${cluster}".`,
    `Run \`petrichor lock ${place.stack ?? ""}\`, which reads facts from the cluster, or declare them in the stack file.`,
    place,
  );
}

/**
 * Addresses that are free for load balancers are load balancers: the engine `metallb` makes them.
 * @throws PetrichorError CLUSTER_NETWORK_INVALID where they are none, or share addresses
 */
function withAddresses(facts: ClusterFacts, cluster: string, place: Place): ClusterFacts {
  const { loadBalancerAddresses } = facts;
  if (loadBalancerAddresses === undefined) return facts;
  const wrong = rangeProblem(loadBalancerAddresses);
  if (wrong === undefined) return { ...facts, loadBalancer: "cloud" };
  throw new PetrichorError(
    "CLUSTER_NETWORK_INVALID",
    `loadBalancerAddresses of cluster "${cluster}": ${wrong}.`,
    'Write blocks or ranges apart from each other, for example "192.168.10.240-192.168.10.250".',
    { ...place, field: `${place.field ?? ""}.facts.loadBalancerAddresses` },
  );
}

function cloudFacts(
  { environment, cluster, locked }: FactSources,
  definition: CloudDefinition,
  place: Place,
): ClusterFacts {
  const declared =
    definition.kind === "aws"
      ? awsFacts({ environment, cluster, definition })
      : azureFacts({ environment, cluster, definition });
  const known = { ...locked, ...declared };
  const differing = Object.entries<unknown>(declared as unknown as Record<string, unknown>).find(
    ([key, value]) => locked !== undefined && key in locked && !isDeepStrictEqual(locked[key], value),
  );
  if (differing === undefined) return factsSchema.parse(known);
  const [key, value] = differing;
  throw new PetrichorError(
    "CLUSTER_FACTS_CONTRADICT",
    `${key} of cluster "${cluster}" is ${JSON.stringify(value)} in the stack file and ${JSON.stringify(locked?.[key])} in the release file.`,
    `Bring the infrastructure up to date (\`petrichor up ${environment}\`), then run \`petrichor lock ${environment}\`.`,
    { ...place, field: `${place.field ?? ""}.${key}` },
  );
}

/** The registry of a cluster, where it is known; no other fact has to be. */
export function knownRegistry({ environment, cluster, definition, locked }: FactSources): string | undefined {
  switch (definition.kind) {
    case "aws":
      return awsFacts({ environment, cluster, definition }).registry;
    case "azure":
      return azureFacts({ environment, cluster, definition }).registry;
    case "existing": {
      const { registry } = { ...locked, ...definition.facts };
      return typeof registry === "string" ? registry : undefined;
    }
  }
}

/** Pairs of facts that can't be true together, as the middle of a sentence. */
export function contradictions(facts: ClusterFacts): string[] {
  const rules: readonly [wrong: boolean, what: string][] = [
    [
      facts.nodes === "eks-auto-mode" && facts.identity === "azure-workload-identity",
      "nodes come from EKS but pods prove who they are to Azure",
    ],
    [
      facts.nodes === "aks-auto-provisioning" && facts.identity === "aws-pod-identity",
      "nodes come from AKS but pods prove who they are to AWS",
    ],
    [
      facts.loadBalancer === "none" && Object.keys(facts.loadBalancerAnnotations ?? {}).length > 0,
      "there is no load balancer but it has annotations",
    ],
    [
      facts.sharedFileSystem !== undefined && facts.sharedStorageClass === undefined,
      "there is a shared file system but no class for its volumes",
    ],
    [
      (facts.dnsZones ?? []).length > 0 && facts.identity === "none",
      "there are DNS zones to write to, but pods can't prove who they are",
    ],
    [new Set(facts.zones).size < facts.zones.length, "a zone is named twice"],
    [facts.storageClass === facts.sharedStorageClass, "one class is both for one node and for several at once"],
  ];
  return rules.filter(([wrong]) => wrong).map(([, what]) => what);
}
