import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { admissionPolicy, clusterBindings, clusterPolicies, typedPolicies } from "../../policies/admission";
import type { CelEvaluator } from "../../policies/evaluator";
import { kinds } from "../../policies/kinds";
import type { ObjectRule } from "../../policies/rule";
import { objectRules, rules } from "../../policies/rules";
import { variables } from "../../policies/variables";
import { startEvaluator } from "./evaluator";

const folder = join(__dirname, "../../policies/rules");

describe("the list of rules", () => {
  test("holds every file of the folder, one rule a file, named alike", () => {
    const files = readdirSync(folder).filter((file) => file !== "index.ts");
    expect(files.sort()).toEqual(rules.map(({ name }) => `${name}.ts`).sort());
  });

  test.each(rules)("$name is told in whole words", ({ name, title, why, remedy }) => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(why).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*[^.]$/);
  });

  test("uses every variable", () => {
    const text = objectRules.map((rule) => JSON.stringify(admissionPolicy(rule).policy)).join();
    for (const { name } of variables) expect(text).toContain(`"name":"${name}"`);
  });
});

let evaluator: CelEvaluator;
beforeAll(async () => {
  evaluator = await startEvaluator();
}, 600_000);
afterAll(() => evaluator.close());

describe("the check at build time", () => {
  test("finds nothing wrong with any rule, of any kind that it matches", async () => {
    expect(await evaluator.check(objectRules.map(admissionPolicy))).toEqual([]);
    expect(await evaluator.check(objectRules.flatMap(typedPolicies))).toEqual([]);
  }, 120_000);

  const rule: ObjectRule = {
    scope: "object",
    name: "example",
    topic: "pods",
    title: "An example",
    why: "It is one.",
    remedy: "Nothing",
    level: "mandatory",
    match: [kinds.Deployment],
    expression: "true",
    message: "'wrong'",
  };
  test.each<[string, Partial<ObjectRule>, RegExp]>([
    ["a syntax error", { expression: "object.spec.replicas >" }, /Syntax error/],
    ["an unknown field", { expression: "object.spec.replica > 1" }, /undefined field 'replica'/],
    [
      "an unknown field of a container",
      { expression: "variables.containers.all(c, c.imag != '')" },
      /undefined field 'imag'/,
    ],
    [
      "an unknown field behind a question mark",
      { expression: "object.spec.?replica.orValue(1) > 1" },
      /undefined field 'replica'/,
    ],
    ["an unknown variable", { expression: "variables.nothing == 1" }, /undeclared reference|undefined field/],
    ["a comparison of two types", { expression: "object.spec.replicas > 'one'" }, /no matching overload/],
    [
      "a result that is no truth value",
      { expression: "object.spec.?replicas" },
      /no matching overload|must evaluate to bool|optional/,
    ],
    ["a message that is no text", { message: "1" }, /must evaluate to string|no matching overload/],
    ["an unknown field in the message", { message: "object.metadata.nme" }, /undefined field 'nme'/],
    [
      "an unknown field of a kind among several",
      { match: [kinds.Pod, kinds.Deployment], expression: "object.spec.template.spec.hostPID" },
      /undefined field 'template'/,
    ],
  ])("refuses %s", async (_, change, message) => {
    const problems = await evaluator.check(typedPolicies({ ...rule, ...change }));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]?.message).toMatch(message);
  });
});

test("bindings refuse mandatory rules where the environment enforces, and only there", () => {
  const actions = (enforcement: "audit" | "deny"): unknown =>
    Object.fromEntries(
      clusterBindings(objectRules, enforcement).map(({ metadata, spec }) => {
        const { validationActions, paramRef } = spec as {
          validationActions: string[];
          paramRef: { parameterNotFoundAction: string };
        };
        return [metadata.name.split(".")[0], [...validationActions, paramRef.parameterNotFoundAction]];
      }),
    );
  expect(actions("deny")).toEqual({
    mandatory: ["Deny", "Audit", "Deny"],
    "mandatory-deletion": ["Deny", "Audit", "Allow"],
    advisory: ["Warn", "Audit", "Allow"],
  });
  expect(actions("audit")).toEqual({
    mandatory: ["Warn", "Audit", "Allow"],
    "mandatory-deletion": ["Warn", "Audit", "Allow"],
    advisory: ["Warn", "Audit", "Allow"],
  });
});

test("a cluster is given every rule once, in policies that its server takes", async () => {
  const policies = clusterPolicies(objectRules, "own");
  const named = policies.flatMap(({ spec }) =>
    (spec as { validations: { message: string }[] }).validations.map(({ message }) => message.split(":")[0]),
  );
  expect(named.sort()).toEqual(objectRules.map(({ name }) => name).sort());
  const [example] = objectRules;
  if (example === undefined) throw new TypeError("there are no rules");
  expect(await evaluator.check(policies.map((policy) => ({ rule: example, policy, kinds: [] })))).toEqual([]);
});

test("rules import nothing but what they are made of", () => {
  for (const file of readdirSync(folder)) {
    const imports = [...readFileSync(join(folder, file), "utf8").matchAll(/ from "(.+)"/g)].map(([, path]) => path);
    for (const path of imports) expect(path).toMatch(/^\.\/|^\.\.\/[a-z/]+$|^\.\.\/\.\.\/components\/kube\//);
  }
});
