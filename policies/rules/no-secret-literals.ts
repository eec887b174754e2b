import { everyContainer } from "../expressions";
import type { ObjectRule } from "../rule";

/** True of a `variable` with a name like a secret's and a value of its own. */
const literal =
  "variable.name.matches('(?i)(^|_)(password|passwd|secret|token|api_?key|private_?key|credentials?)$') && variable.?value.orValue('') != ''";

export const noSecretLiterals: ObjectRule = {
  scope: "object",
  name: "no-secret-literals",
  topic: "identity",
  title: "Secrets are not written into the environment",
  why: "A value in the specification is read by everyone who may see the workload, and stays in Git and in the state.",
  remedy: "Keep the value in a Secret and name it by valueFrom.secretKeyRef",
  level: "mandatory",
  field: "env",
  frameworks: { cis: "5.4.1", nsa: "Kubernetes Pod security" },
  ...everyContainer({
    condition: `!c.?env.orValue([]).exists(variable, ${literal})`,
    says: `'has a literal in ' + c.env.filter(variable, ${literal}).map(variable, variable.name).join(', ')`,
  }),
};
