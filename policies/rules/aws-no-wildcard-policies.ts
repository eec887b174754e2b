import { at, everyResource } from "../clouds";
import type { CloudRule } from "../rule";

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
}

export const awsNoWildcardPolicies: CloudRule = {
  scope: "cloud",
  cloud: "aws",
  name: "aws-no-wildcard-policies",
  topic: "cloud",
  title: "No role of IAM may do everything",
  why: "Whoever gets hold of such a role owns the account.",
  remedy: "List the actions and the resources that are needed",
  level: "mandatory",
  frameworks: { cis: "AWS 1.16" },
  judge: everyResource(["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"], (properties) => {
    const all = statements(at(properties, "policy")).some(
      ({ Effect, Action, Resource }) => Effect === "Allow" && has(Action, ["*", "*:*"]) && has(Resource, ["*"]),
    );
    return all ? "a statement allows every action on every resource" : undefined;
  }),
};

/** The statements of a policy, which is JSON in text or as it stands; none while it is not known. */
function statements(policy: unknown): readonly Statement[] {
  if (policy === undefined) return [];
  const read: unknown = typeof policy === "string" ? JSON.parse(policy) : policy;
  return [at(read as Record<string, unknown>, "Statement") ?? []].flat() as Statement[];
}

function has(value: unknown, wanted: readonly string[]): boolean {
  return [value].flat().some((one) => wanted.some((name) => name === one));
}
