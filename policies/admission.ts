import type { KubeObject } from "../components/kube/object";
import { domain } from "../components/kube/labels";
import { engineNamespace, platformLabels } from "../components/platform/namespace";
import type { Exemption } from "../components/policy/settings";
import { listOf, quoted } from "./expressions";
import type { Kind } from "./kinds";
import type { ObjectRule, RuleSettings } from "./rule";
import type { StackPolicy } from "./settings";
import { typedVariables, usedVariables, type Variable } from "./variables";

/** Namespace of the policies' parameters. */
export const policyNamespace = "petrichor-policy";
/** Namespaces that belong to the cluster itself, not to anyone on it; the server judges nothing there. The last is the embedded cluster's. */
export const systemNamespaces = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"] as const;
/** Whose objects a cluster's policies judge: everyone's, or only what the platform put there. */
export type Reach = "all" | "own";

const ownLabel = "app.kubernetes.io/managed-by";
/** What is in a namespace is chosen by the namespace's labels; what is in none, by its own. */
const ownObjects = {
  name: "own-objects",
  expression: `request.?namespace.orValue('') != '' || (request.operation == 'DELETE' ? oldObject : object).metadata.?labels[?'${ownLabel}'].orValue('') == 'petrichor'`,
};
/**
 * Parts of the control plane that write roles of the cluster itself: the server when it comes up with a new version, and the controller that
 * gathers aggregated roles.
 */
const controlPlane = ["system:apiserver", "system:serviceaccount:kube-system:clusterrole-aggregation-controller"];
const parametersName = "policy-parameters";
const labels = platformLabels("policy");

/** A policy together with the kinds behind the resources that it matches. */
export interface AdmissionPolicy {
  readonly rule: ObjectRule;
  readonly policy: KubeObject;
  readonly kinds: readonly Kind[];
}

/** Name of a ValidatingAdmissionPolicy and of its binding. */
export function policyName(rule: Pick<ObjectRule, "name">): string {
  return `${rule.name}.${domain}`;
}

/** A rule as a ValidatingAdmissionPolicy of its own: what previews and tests judge by, rule by rule. */
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
    metadata: { name: policyName(rule) },
    spec: {
      failurePolicy: "Fail",
      paramKind: { apiVersion: "v1", kind: "ConfigMap" },
      matchConstraints: { matchPolicy: "Equivalent", resourceRules: resourceRules(rule.operations, match) },
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

function resourceRules(operations: ObjectRule["operations"] = ["CREATE", "UPDATE"], match: readonly Kind[]): object[] {
  const versions = [...new Set(match.map(({ apiVersion }) => apiVersion))];
  return versions.map((apiVersion) => {
    const [version = "", group = ""] = apiVersion.split("/").reverse();
    const resources = match
      .filter((kind) => kind.apiVersion === apiVersion)
      .flatMap(({ resource, subresources = [] }) => [resource, ...subresources.map((name) => `${resource}/${name}`)]);
    return { apiGroups: [group], apiVersions: [version], operations: [...operations], resources };
  });
}

/**
 * A set of rules that goes to a cluster as one policy: a policy for each rule would make every `up` care for a hundred objects.
 */
interface RuleSet {
  readonly name: string;
  readonly level: ObjectRule["level"];
  readonly rules: readonly ObjectRule[];
}

/** Rules that are enforced alike and look at the same operations, together. */
function ruleSets(rules: readonly ObjectRule[]): readonly RuleSet[] {
  const sets = new Map<string, RuleSet>();
  for (const rule of rules) {
    const name = rule.operations?.includes("DELETE") === true ? `${rule.level}-deletion` : rule.level;
    sets.set(name, { name, level: rule.level, rules: [...(sets.get(name)?.rules ?? []), rule] });
  }
  return [...sets.values()];
}

/** The policies that a cluster is given; each message begins with the name of its rule. */
export function clusterPolicies(rules: readonly ObjectRule[], reach: Reach): readonly KubeObject[] {
  return ruleSets(rules).map((set) => setPolicy(set, reach));
}

function setPolicy({ name, rules }: RuleSet, reach: Reach): KubeObject {
  const validations = rules.map((rule) => validation(rule));
  const { operations } = rules[0] ?? {};
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: policyName({ name }), labels },
    spec: {
      failurePolicy: "Fail",
      paramKind: { apiVersion: "v1", kind: "ConfigMap" },
      matchConstraints: {
        matchPolicy: "Equivalent",
        // What the cluster itself runs is its maker's, and a cluster that refuses its own parts does not come up again.
        namespaceSelector: {
          matchExpressions: [
            // Nor may the lack of the policies' own parameters keep them from being written or taken away.
            {
              key: "kubernetes.io/metadata.name",
              operator: "NotIn",
              values: [...systemNamespaces, policyNamespace],
            },
            ...(reach === "own" ? [{ key: ownLabel, operator: "In", values: ["petrichor"] }] : []),
          ],
        },
        // The server's own defaults, said aloud: it compares these constraints as a whole when another state takes a policy over.
        objectSelector: {},
        resourceRules: resourceRules(operations, [...new Set(rules.flatMap(({ match }) => match))]).map((rule) => ({
          ...rule,
          scope: "*",
        })),
      },
      matchConditions: [
        { name: "not-the-control-plane", expression: `!(request.userInfo.username in ${listOf(controlPlane)})` },
        ...(reach === "own" ? [ownObjects] : []),
      ],
      variables: usedVariables(
        validations.flatMap(({ expression, messageExpression }) => [expression, messageExpression]),
      ),
      validations,
    },
  };
}

/**
 * One rule among those of other kinds. `object` is bound anew as a value of any type, because the server's type checker would look for
 * the fields of one kind in all others.
 */
function validation(rule: ObjectRule): Readonly<Record<"expression" | "message" | "messageExpression", string>> {
  const judged = listOf([...new Set(rule.match.map(({ kind }) => kind))]);
  const anew = (operation: "all" | "map", expression: string): string =>
    `[dyn(object)].${operation}(object, ${expression})`;
  return {
    expression: `!(variables.subject.kind in ${judged}) || ${anew("all", expressionOf(rule))}`,
    message: `${rule.name}: ${rule.title}. ${rule.remedy}`,
    messageExpression: `${quoted(`${rule.name}: `)} + ${anew("map", rule.message)}[0] + ${quoted(`. ${rule.remedy}`)}`,
  };
}

/** What bindings do with an object that breaks a rule, in an environment that enforces or only looks. */
export function clusterBindings(rules: readonly ObjectRule[], enforcement: "audit" | "deny"): readonly KubeObject[] {
  return ruleSets(rules).map(({ name, level, rules: [first] }) => {
    const refuses = enforcement === "deny" && level === "mandatory";
    // When a stack goes, its parameters may be gone a moment before the server has forgotten the binding.
    const deletes = first?.operations?.includes("DELETE") === true;
    return {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name: policyName({ name }), labels },
      spec: {
        policyName: policyName({ name }),
        paramRef: {
          name: parametersName,
          namespace: policyNamespace,
          // Without its parameters a policy can't tell what is allowed, so it allows nothing, unless the environment only looks: the
          // server refuses then whatever the actions say.
          parameterNotFoundAction: refuses && !deletes ? "Deny" : "Allow",
        },
        validationActions: [refuses ? "Deny" : "Warn", "Audit"],
      },
    };
  });
}

/** The ConfigMap that policies read as `params`: the environment's settings and exemptions. */
export function admissionParameters(settings: RuleSettings, exemptions: readonly Exemption[]): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: parametersName, namespace: policyNamespace, labels },
    data: {
      registries: settings.registries.join("\n"),
      domains: settings.domains.join("\n"),
      minimumReplicas: String(settings.minimumReplicas),
      maximumReplicas: String(settings.maximumReplicas),
      exemptions: exemptions.map(({ rule, object }) => `${rule} ${object}`).join("\n"),
    },
  };
}

/** Everything that makes the API server of a cluster judge by the rules: namespace and parameters, policies, bindings. */
export function admissionObjects(rules: readonly ObjectRule[], policy: StackPolicy, reach: Reach): KubeObject[] {
  return [
    engineNamespace("policy", policyNamespace),
    admissionParameters(policy.settings, policy.exemptions),
    ...clusterPolicies(rules, reach),
    ...clusterBindings(rules, policy.enforcement),
  ];
}
