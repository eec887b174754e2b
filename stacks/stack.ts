import { z } from "zod";
import { engineIds } from "../components/platform/definition";
import { awsCluster as awsFields } from "../components/cluster/aws/definition";
import { azureCluster as azureFields } from "../components/cluster/azure/definition";
import { someFactsSchema } from "../components/cluster/facts-schema";
import { policySettingsSchema } from "../components/policy/settings";

/** A DNS label short enough to be part of other names. */
const label = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/,
    "must be lower-case letters, digits and dashes, at most 30, first a letter",
  );

/** Apps that run somewhere: every app of the project, the named ones, or all but the named ones. */
const apps = z.union([z.literal("all"), z.array(label), z.strictObject({ except: z.array(label) })]);

/** What a cluster of any kind says about the apps on it. */
const placing = {
  /** Apps that may run here. Default: those of the stack. */
  apps: apps.exactOptional(),
  /** Labels that `placement` chooses by, beside `name` and `kind`, which every cluster has. Default: none. */
  labels: z.record(label, z.string().min(1)).default({}),
};

const embeddedCluster = z.strictObject({
  kind: z.literal("embedded"),
  /** Name of the instance on this machine. Default: `local`. */
  instance: label.default("local"),
  ...placing,
});

const existingCluster = z.strictObject({
  kind: z.literal("existing"),
  /** Context in the kubeconfig that leads to the cluster. */
  context: z.string().min(1),
  /** Path of the kubeconfig. Default: `$KUBECONFIG`, else `~/.kube/config`. */
  kubeconfig: z.string().min(1).exactOptional(),
  /**
   * Facts that can't be seen (`registry`), or that are other than they seem. The rest is read from the cluster by `petrichor lock`.
   * Default: none.
   */
  facts: someFactsSchema.default({}),
  ...placing,
});

const awsCluster = awsFields.extend(placing);
const azureCluster = azureFields.extend(placing);

const cluster = z.discriminatedUnion("kind", [embeddedCluster, existingCluster, awsCluster, azureCluster]);

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
  /**
   * Further domains whose hosts apps may have; such an address brings its own `certificate`, or the engine `cert-manager` gets it.
   * Default: none.
   */
  domains: z.array(z.hostname()).default([]),
  /**
   * First and last port at the load balancer that apps may have. Below 20000 are ports of the proxy's own. Default: 30000 to 30999, which
   * Linux gives to no outgoing connection.
   */
  ports: z
    .strictObject({ first: z.int().min(20_000).max(65_535), last: z.int().min(20_000).max(65_535) })
    .refine(({ first, last }) => first <= last, "must have a first port that is not above the last")
    .default({ first: 30_000, last: 30_999 }),
  /** Which apps run here: `all`, a list, or all `except` a list. A cluster may narrow it. Default: all. */
  apps: apps.default("all"),
  /**
   * Where images of apps with source come from. `built`: `up` builds them, where clusters are this machine's own. `promoted`: from another
   * environment, by `petrichor promote` alone; nothing is built here. Default: built.
   */
  images: z.enum(["built", "promoted"]).default("built"),
  /** Where apps run, by app. Default: on every cluster that takes them. */
  placement: z
    .record(
      label,
      z.strictObject({
        /** `all`: on every cluster that matches; `one`: on one of them, which stays the same until the app is moved. Default: all. */
        on: z.enum(["all", "one"]).default("all"),
        /** Labels that a cluster must have. Default: none, every cluster matches. */
        where: z.record(label, z.string().min(1)).default({}),
      }),
    )
    .default({}),
  /**
   * Changes to apps in this environment: app → workload → fields, merged into what the app says; `null` takes a field away.
   * Default: none.
   */
  overrides: z.record(label, z.record(label, z.record(z.string(), z.json()))).default({}),
  /** What holds for everything that scales here, whatever the app says. */
  scaling: z
    .strictObject({
      /** Fewest replicas. Default: 0, so that what sleeps may sleep. */
      floor: z.int().min(0).max(1000).default(0),
    })
    .prefault({}),
  /** Engines that the platform installs; those that they need come along. Default: none. */
  engines: z.array(z.enum(engineIds)).default([]),
  /** How the engine `cert-manager` asks for certificates. Default: not at all; the engine wants it. */
  certificates: z
    .strictObject({
      /** Whom the authority writes to before a certificate ends. */
      email: z.email(),
      /**
       * Directory of the authority: Let's Encrypt's for use (`production`) or for trying (`staging`, whose certificates nobody trusts and whose
       * limits are wide), or the address of another's. Default: production.
       */
      directory: z
        .union([z.enum(["production", "staging"]), z.url({ protocol: /^https$/ })], {
          error: '"production", "staging", or the https address of an ACME directory',
        })
        .default("production"),
    })
    .exactOptional(),
  /**
   * Engines among those that the clusters run already, by somebody else's hand: nothing of them is installed, and a version that was seen
   * (`petrichor lock`) has to fit. Default: none.
   */
  provided: z.array(z.enum(engineIds)).default([]),
  /** What is asked of the objects of this environment, and which may do without. Default: every default of the settings. */
  policy: policySettingsSchema.prefault({}),
});

/** What a stack file's author writes. */
export type StackDefinition = z.input<typeof stackSchema>;
/** A stack file with its defaults filled in. */
export type Stack = z.output<typeof stackSchema>;
/** One cluster of a stack, as plain data. */
export type StackCluster = z.output<typeof cluster>;

/** A cluster whose infrastructure is a stack of ours. */
export type CloudCluster = Extract<StackCluster, { kind: "aws" | "azure" }>;

/** Whether a cluster has an infrastructure layer. */
export function isCloud(cluster: StackCluster): cluster is CloudCluster {
  return cluster.kind === "aws" || cluster.kind === "azure";
}

/** The clusters of an environment that have an infrastructure layer, by name. */
export function cloudsOf({ clusters }: Pick<Stack, "clusters">): Record<string, CloudCluster> {
  return Object.fromEntries(
    Object.entries(clusters).flatMap(([name, cluster]) => (isCloud(cluster) ? [[name, cluster]] : [])),
  );
}

/** Gives a stack file its types. The schema is checked when the project is loaded, so that every mistake is reported at once. */
export function defineStack(definition: StackDefinition): StackDefinition {
  return definition;
}

/** The Kubernetes that Petrichor starts on this machine. */
export function embedded(options: Omit<z.input<typeof embeddedCluster>, "kind"> = {}): z.input<typeof embeddedCluster> {
  return { kind: "embedded", ...options };
}

/** A cluster that exists already and is reached by a kubeconfig context. */
export function existing(options: Omit<z.input<typeof existingCluster>, "kind">): z.input<typeof existingCluster> {
  return { kind: "existing", ...options };
}

/** An EKS cluster with Auto Mode, its network, registry, DNS zones and backup bucket. */
export function aws(options: Omit<z.input<typeof awsCluster>, "kind">): z.input<typeof awsCluster> {
  return { kind: "aws", ...options };
}

/** An AKS cluster with node auto-provisioning, its network, registry, DNS zones and backup storage. */
export function azure(options: Omit<z.input<typeof azureCluster>, "kind">): z.input<typeof azureCluster> {
  return { kind: "azure", ...options };
}
