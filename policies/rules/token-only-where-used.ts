import { podKinds } from "../kinds";
import { withPod } from "../pods";
import type { ObjectRule } from "../rule";

export const tokenOnlyWhereUsed: ObjectRule = {
  scope: "object",
  name: "token-only-where-used",
  topic: "identity",
  title: "Pods get a token of the API only with an account of their own",
  why: "The default account's token lies in every pod of the namespace: one intruder holds the rights of all.",
  remedy: "Set automountServiceAccountToken to false, or name a ServiceAccount made for this workload",
  level: "mandatory",
  field: "serviceAccount",
  frameworks: { cis: "5.1.5, 5.1.6", nsa: "Authentication and authorization" },
  match: podKinds,
  expression:
    "!variables.podSpec.?automountServiceAccountToken.orValue(true) || !(variables.podSpec.?serviceAccountName.orValue('') in ['', 'default'])",
  message: "'the token of the default account is mounted'",
  fix: (object) => withPod(object, (pod) => ({ ...pod, automountServiceAccountToken: false })),
};
