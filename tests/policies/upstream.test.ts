import { objectKey } from "../../components/kube/object";
import type { CelEvaluator, Form } from "../../policies/evaluator";
import { judgeStack, ObjectJudge, type Verdict } from "../../policies/judge";
import type { RuleSettings } from "../../policies/rule";
import { objectRules, stackRules } from "../../policies/rules";
import { type Example, upstreamExamples } from "../support/examples";
import { ensureEveryManifest, everyEngine } from "../support/engine-context";
import { engineObjects, type EngineId } from "./engine-objects";
import { easySettings, startEvaluator } from "./evaluator";

// Objects that nobody here wrote, by the rules of an environment that asks for much: whatever they are like, rules have an answer.

const settings: RuleSettings = {
  ...easySettings,
  registries: ["registry.example.com/apps/"],
  minimumReplicas: 2,
  monthlyBudget: 1,
  prices: { currency: "EUR", cpu: 20, memory: 3, storage: 0.1, loadBalancer: 15, expectedLoad: 0.3 },
};
const options = { settings, exemptions: [] };

/**
 * Files that change an object or are written back to a server: parts of objects, of which rules say that they can't be judged. A server
 * refuses them before.
 */
const parts: Readonly<Record<Form, readonly string[]>> = {
  raw: [
    "github.com/kedacore/http-add-on config/e2e/otel/scaler-deployment.yaml",
    "go.universe.tf/metallb config/prometheus-frr-k8s/ignore-prom-rolebinding.yaml",
    "k8s.io/kubernetes hack/testdata/pod-apply-status.yaml",
  ],
  admitted: [
    "github.com/kedacore/http-add-on config/e2e/otel/scaler-deployment.yaml",
    "k8s.io/kubernetes hack/testdata/pod-apply-status.yaml",
    "sigs.k8s.io/metrics-server manifests/components/high-availability/patch.yaml",
  ],
};

let evaluator: CelEvaluator;
let judge: ObjectJudge;
let examples: readonly Example[];
beforeAll(async () => {
  await ensureEveryManifest();
  evaluator = await startEvaluator();
  judge = await ObjectJudge.with(evaluator, objectRules);
  const rendered = everyEngine.flatMap(({ id }) =>
    engineObjects(id as EngineId, "published").map((object) => ({ module: "rendered", file: id, object })),
  );
  examples = [...rendered, ...(await upstreamExamples())];
}, 30 * 60_000);
afterAll(() => evaluator.close());

test("there are hundreds of them, of every module and engine, and most are of kinds that rules look at", () => {
  const kinds = new Set(
    objectRules.flatMap(({ match }) => match.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)),
  );
  const judged = examples.filter(({ object }) => kinds.has(`${object.apiVersion} ${object.kind}`));
  expect(judged.length).toBeGreaterThanOrEqual(300);
  const modules = everyEngine.flatMap(({ upstream }) => upstream.map(({ module }) => module));
  expect([...new Set(examples.map(({ module }) => module))].sort()).toEqual(
    [...new Set([...modules, "k8s.io/kubernetes", "rendered"])].sort(),
  );
});

test.each<Form>(["raw", "admitted"])(
  "each gets its verdicts, and each verdict says which rule, what and where, %s",
  async (form) => {
    const verdicts = await judge.judge(
      examples.map(({ object }) => object),
      { ...options, form },
    );
    const failed = verdicts
      .filter(({ message }) => / resulted in error/.test(message))
      .map(({ object }) => placeOf(object));
    expect([...new Set(failed)].sort()).toEqual(parts[form]);
    expectExplained(verdicts.filter(({ object }) => !parts[form].includes(placeOf(object))));
    expect(new Set(verdicts.map(({ rule }) => rule.name)).size).toBeGreaterThan(objectRules.length / 2);
  },
);

test("together, too", () => {
  const verdicts = judgeStack(
    stackRules,
    examples.map(({ object }) => object),
    options,
  );
  expectExplained(verdicts);
  expect(new Set(verdicts.map(({ rule }) => rule))).toEqual(new Set(stackRules));
});

function placeOf(object: Example["object"]): string {
  const found = examples.find((one) => one.object === object);
  return `${found?.module ?? ""} ${found?.file ?? ""}`;
}

function expectExplained(verdicts: readonly Verdict[]): void {
  expect(verdicts.length).toBeGreaterThan(0);
  for (const { rule, object, subject, message } of verdicts) {
    const { remedy } = rule as { remedy: string };
    expect(subject).toBe(objectKey(object));
    expect(message.endsWith(`. ${remedy}`)).toBe(true);
    expect(message.length).toBeGreaterThan(remedy.length + 10);
    expect(message).not.toMatch(/undefined|\[object/);
  }
}
