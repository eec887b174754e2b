import { z } from "zod";

/** Leave to break one rule with one object, or with those of a kind or namespace. */
export interface Exemption {
  /** Name of the rule, for example `image-by-digest`. */
  readonly rule: string;
  /**
   * The object as messages name it: `Deployment shop/web`, `ClusterRole reader`, `aws:s3/bucket:Bucket logs`. Everything its
   * controller makes is meant too: a Deployment's pods, a CronJob's jobs. `Deployment shop/*` means those of a namespace,
   * `* shop/*` everything in it.
   */
  readonly object: string;
  /** Why it must be so. */
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  /** The last day on which it holds, as `2027-01-31` (UTC). Without it, it holds as long as it is written. */
  readonly expires?: string;
}

const exemption = z.strictObject({
  rule: z.string().regex(/^[a-z][a-z0-9-]*$/, "must be the name of a rule, as `petrichor policy list` has it"),
  object: z
    .string()
    .regex(
      /^(\*|[A-Za-z][A-Za-z0-9:/_-]*) (\S+)$/,
      "must be a kind and a name, for example `Deployment shop/web`, `Deployment shop/*` or `* shop/*`",
    ),
  reason: z.string().min(10, "must say why, in at least 10 characters"),
  owner: z.string().min(1),
  expires: z.iso.date("must be a day such as 2027-01-31"),
}) satisfies z.ZodType<Exemption>;

/** What an environment asks of the objects in it: the field `policy` of a stack file. */
export const policySettingsSchema = z.strictObject({
  /**
   * `deny` refuses objects that break a mandatory rule, in preview and on the cluster; `audit` reports them and lets them pass.
   * Advisory rules are only ever reported. Default: `deny`.
   */
  enforcement: z.enum(["audit", "deny"]).default("deny"),
  /**
   * Whose objects the cluster's server judges: `all` but those of the cluster's own namespaces, or only the platform's `own`: namespaces
   * and cluster-wide objects that carry the label `app.kubernetes.io/managed-by: petrichor`. Default: `own` on an existing cluster, which
   * others may use too; `all` on a cluster that the project makes.
   */
  reach: z.enum(["all", "own"]).exactOptional(),
  /** Registries that images may come from, as beginnings of their references, for example `registry.example.com/apps/`. Default: any. */
  registries: z.array(z.string().regex(/^\S+$/, "must not hold spaces")).default([]),
  /** Domains that public hosts may lie in, besides the environment's own. Default: none. */
  domains: z.array(z.hostname()).default([]),
  /** Fewest replicas of a workload that serves others. Default: 1; an environment that people depend on has 2 or more. */
  minimumReplicas: z.int().min(1).default(1),
  /** Most replicas that an autoscaler may ask for. Default: 100. */
  maximumReplicas: z.int().min(1).default(100),
  /** Fewest days for which backups are kept. Default: 7. */
  backupRetentionDays: z.int().min(1).default(7),
  /**
   * Most that the apps on one cluster may cost a month when everything is scaled up, in the currency of the price file
   * `stacks/prices.yaml`. Default: no ceiling.
   */
  monthlyBudget: z.number().positive().exactOptional(),
  /** Objects that may break a rule, until a day. Default: none. */
  exemptions: z.array(exemption).default([]),
});

/** Policy settings with their defaults filled in. */
export type PolicySettings = z.output<typeof policySettingsSchema>;
