import { z } from "zod";
import type { ClusterFacts } from "../components/cluster/facts";

/** A DNS label short enough to be part of other names. */
const label = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/,
    "must be lower-case letters, digits and dashes, at most 30, first a letter",
  );

const facts = z.strictObject({
  loadBalancer: z.enum(["cloud", "loopback", "none"]),
  loadBalancerAnnotations: z.record(z.string(), z.string()).exactOptional(),
  storageClass: z.string().min(1),
  volumeExpansion: z.boolean(),
  zones: z.array(z.string().min(1)).min(1),
  identity: z.enum(["aws-pod-identity", "azure-workload-identity", "none"]),
  registry: z.string().min(1),
  architectures: z.array(z.enum(["amd64", "arm64"])).min(1),
  nodes: z.enum(["fixed", "karpenter", "eks-auto-mode", "aks-auto-provisioning"]),
}) satisfies z.ZodType<ClusterFacts>;

/** Apps that run somewhere: every app of the project, or the named ones. */
const apps = z.union([z.literal("all"), z.array(label)]);

const embeddedCluster = z.strictObject({
  kind: z.literal("embedded"),
  /** Name of the instance on this machine. Default: `local`. */
  instance: label.default("local"),
  apps: apps.exactOptional(),
});

const existingCluster = z.strictObject({
  kind: z.literal("existing"),
  /** Context in the kubeconfig that leads to the cluster. */
  context: z.string().min(1),
  /** Path of the kubeconfig. Default: `$KUBECONFIG`, else `~/.kube/config`. */
  kubeconfig: z.string().min(1).exactOptional(),
  facts,
  apps: apps.exactOptional(),
});

const cluster = z.discriminatedUnion("kind", [embeddedCluster, existingCluster]);

/** The schema of a stack file; one file in `stacks/` per environment. */
export const stackSchema = z.strictObject({
  /** Name of the environment; the file bears the same name. */
  environment: label,
  /** Clusters of the environment by name. `infra` is taken: it names the layer below. */
  clusters: z
    .record(
      label.refine((name) => name !== "infra", "must not be named `infra`: that is the name of a layer"),
      cluster,
    )
    .refine((clusters) => Object.keys(clusters).length > 0, "must hold at least one cluster"),
  /** Domain under which apps get their host names, for example `dev.example.com`. */
  domain: z.hostname(),
  /** Which apps run here. A cluster may narrow it. Default: all. */
  apps: apps.default("all"),
  /**
   * Changes to apps in this environment: app → workload → fields, merged into what the app says; `null` takes a field away.
   * Default: none.
   */
  overrides: z.record(label, z.record(label, z.record(z.string(), z.json()))).default({}),
});

/** What a stack file's author writes. */
export type StackDefinition = z.input<typeof stackSchema>;
/** A stack file with its defaults filled in. */
export type Stack = z.output<typeof stackSchema>;
/** One cluster of a stack, as plain data. */
export type StackCluster = z.output<typeof cluster>;

/** Gives a stack file its types. The schema is checked when the project is loaded, so that every mistake is reported at once. */
export function defineStack(definition: StackDefinition): StackDefinition {
  return definition;
}

/** The Kubernetes that Petrichor starts on this machine. */
export function embedded(options: Omit<z.input<typeof embeddedCluster>, "kind"> = {}): z.input<typeof embeddedCluster> {
  return { kind: "embedded", ...options };
}

/** A cluster that exists already and is reached by a kubeconfig context; its facts are declared here. */
export function existing(options: Omit<z.input<typeof existingCluster>, "kind">): z.input<typeof existingCluster> {
  return { kind: "existing", ...options };
}
