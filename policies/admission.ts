import type { KubeObject } from "../components/kube/object";
import { domain } from "../components/kube/labels";
import type { Exemption } from "../components/policy/settings";
import { quoted } from "./expressions";
import type { Kind } from "./kinds";
import type { ObjectRule, RuleSettings } from "./rule";
import { typedVariables, usedVariables, type Variable } from "./variables";

/** Namespace of the policies' parameters. */
export const policyNamespace = "petrichor-policy";
const parametersName = "policy-parameters";

/** A policy together with the kinds behind the resources that it matches. */
export interface AdmissionPolicy {
  readonly rule: ObjectRule;
  readonly policy: KubeObject;
  readonly kinds: readonly Kind[];
}

/** Name of a rule's ValidatingAdmissionPolicy and of its binding. */
export function policyName(rule: Pick<ObjectRule, "name">): string {
  return `${rule.name}.${domain}`;
}

/** The ValidatingAdmissionPolicy of a rule: what the API server judges by, and the preview and the tests too. */
export function admissionPolicy(rule: ObjectRule): AdmissionPolicy {
  return policyWith(rule, rule.match, usedVariables([expressionOf(rule), rule.message]));
}

/** The same policy once for each kind, with that kind's types: for the check at build time. */
export function typedPolicies(rule: ObjectRule): readonly AdmissionPolicy[] {
  const used = usedVariables([expressionOf(rule), rule.message]);
  return rule.match.flatMap((kind) => typedVariables(used, kind).map((typed) => policyWith(rule, [kind], typed)));
}

function policyWith(rule: ObjectRule, match: readonly Kind[], variables: readonly Variable[]): AdmissionPolicy {
  const policy = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: policyName(rule), annotations: { [`${domain}/title`]: rule.title, [`${domain}/why`]: rule.why } },
    spec: {
      failurePolicy: "Fail",
      paramKind: { apiVersion: "v1", kind: "ConfigMap" },
      matchConstraints: { matchPolicy: "Equivalent", resourceRules: resourceRules(rule, match) },
      variables,
      validations: [
        {
          expression: expressionOf(rule),
          message: `${rule.title}. ${rule.remedy}`,
          messageExpression: `(${rule.message}) + ${quoted(`. ${rule.remedy}`)}`,
        },
      ],
    },
  };
  return { rule, policy, kinds: match };
}

/** The rule itself, or leave to break it: looked up only for an object that breaks it. */
function expressionOf({ name, expression }: ObjectRule): string {
  return `(${expression}) || variables.names.exists(name, (${quoted(`${name} `)} + name) in variables.exemptions)`;
}

function resourceRules({ operations = ["CREATE", "UPDATE"] }: ObjectRule, match: readonly Kind[]): object[] {
  const versions = [...new Set(match.map(({ apiVersion }) => apiVersion))];
  return versions.map((apiVersion) => {
    const [version = "", group = ""] = apiVersion.split("/").reverse();
    const resources = match
      .filter((kind) => kind.apiVersion === apiVersion)
      .flatMap(({ resource, subresources = [] }) => [resource, ...subresources.map((name) => `${resource}/${name}`)]);
    return { apiGroups: [group], apiVersions: [version], operations: [...operations], resources };
  });
}

/** What bindings do with an object that breaks the rule, in an environment that enforces or only looks. */
export function admissionBinding(rule: ObjectRule, enforcement: "audit" | "deny"): KubeObject {
  const refuses = enforcement === "deny" && rule.level === "mandatory";
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: policyName(rule) },
    spec: {
      policyName: policyName(rule),
      // Without its parameters a policy can't tell what is allowed, so it allows nothing.
      paramRef: { name: parametersName, namespace: policyNamespace, parameterNotFoundAction: "Deny" },
      validationActions: [refuses ? "Deny" : "Warn", "Audit"],
    },
  };
}

/** The ConfigMap that policies read as `params`: the environment's settings and exemptions. */
export function admissionParameters(settings: RuleSettings, exemptions: readonly Exemption[]): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: parametersName, namespace: policyNamespace },
    data: {
      registries: settings.registries.join("\n"),
      domains: settings.domains.join("\n"),
      minimumReplicas: String(settings.minimumReplicas),
      maximumReplicas: String(settings.maximumReplicas),
      exemptions: exemptions.map(({ rule, object }) => `${rule} ${object}`).join("\n"),
    },
  };
}
