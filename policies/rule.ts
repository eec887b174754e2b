import type { KubeObject } from "../components/kube/object";
import type { ClusterPrices } from "../components/policy/prices";
import type { Kind } from "./kinds";

/** The groups in which rules are listed and documented. */
export type Topic =
  "images" | "pods" | "networking" | "availability" | "data" | "identity" | "autoscaling" | "cost" | "cloud";

/** Where a rule is asked for in the field's own frameworks. */
export interface Frameworks {
  /** The Pod Security Standards' level that holds it. */
  readonly podSecurity?: "baseline" | "restricted";
  /** Number of the recommendation in the CIS Kubernetes Benchmark 1.10, or in the CIS benchmark of the cloud. */
  readonly cis?: string;
  /** Chapter of the NSA and CISA Kubernetes Hardening Guidance 1.2. */
  readonly nsa?: string;
}

interface RuleBase {
  /** Kebab case and never changed: exemptions name it. */
  readonly name: string;
  readonly topic: Topic;
  /** What must be so, as a sentence without a full stop. */
  readonly title: string;
  /** What goes wrong otherwise. */
  readonly why: string;
  /** What to do, as an imperative sentence. */
  readonly remedy: string;
  /** `mandatory` refuses where the environment enforces; `advisory` only reports. */
  readonly level: "advisory" | "mandatory";
  /** Field of a workload in an app file that decides it, for example `scale.max`. Default: none, a transform does. */
  readonly field?: string;
  readonly frameworks?: Frameworks;
}

/**
 * A rule about one Kubernetes object, written in CEL as the API server understands it. Rendered objects, Pulumi previews and
 * admission are judged by the same expression. It may use `object`, `oldObject`, `request`, `params.data` and the variables of
 * `variables.ts`.
 */
export interface ObjectRule extends RuleBase {
  readonly scope: "object";
  readonly match: readonly Kind[];
  /** Requests that are judged. Default: CREATE and UPDATE. */
  readonly operations?: readonly ("CREATE" | "UPDATE" | "DELETE")[];
  /** True where the object is as it must be. */
  readonly expression: string;
  /** Gives a string that names what is wrong in the object, without a full stop. Evaluated only where `expression` is false. */
  readonly message: string;
  /** Gives the object as it should be, where one answer is right for everyone. The preview offers it as a remediation. */
  readonly fix?: (object: KubeObject) => KubeObject;
}

/** The settings of an environment that rules read. */
export interface RuleSettings {
  readonly domains: readonly string[];
  readonly minimumReplicas: number;
  readonly maximumReplicas: number;
  readonly backupRetentionDays: number;
  readonly monthlyBudget?: number;
  /** What things cost on the cluster. Default: not known. */
  readonly prices?: ClusterPrices;
  readonly registries: readonly string[];
}

/** What a typed rule found wrong with one object. */
export interface Violation {
  /** The object that has to change. */
  readonly object: KubeObject;
  /** What is wrong, without a full stop. */
  readonly message: string;
}

/** A rule about several objects of a stack at once; judged before deployment only. */
export interface StackRule extends RuleBase {
  readonly scope: "stack";
  readonly judge: (objects: readonly KubeObject[], settings: RuleSettings) => readonly Violation[];
}

/** A resource of a cloud as Pulumi knows it before it is made. */
export interface CloudResource<Properties = Readonly<Record<string, unknown>>> {
  /** Type token, for example `aws:s3/bucket:Bucket`. */
  readonly type: string;
  readonly name: string;
  readonly properties: Properties;
  /** Properties that are known only once the resource is made: an SDK leaves all of one open where a part of it is. Default: none. */
  readonly unknown?: readonly string[];
}

/** What a cloud rule found wrong with one resource. */
export interface CloudViolation {
  readonly resource: CloudResource;
  readonly message: string;
}

/** A rule about resources of AWS or Azure; judged before deployment only. */
export interface CloudRule extends RuleBase {
  readonly scope: "cloud";
  readonly cloud: "aws" | "azure";
  readonly judge: (resources: readonly CloudResource[]) => readonly CloudViolation[];
}

export type Rule = ObjectRule | StackRule | CloudRule;
