import path from "node:path";
import { emptyRelease } from "../../components/app/release";
import type { CelEvaluator } from "../../policies/evaluator";
import { judgeStack, ObjectJudge } from "../../policies/judge";
import { objectRules, stackRules } from "../../policies/rules";
import { stackPolicy, today } from "../../policies/settings";
import { loadProject } from "../../stacks/project";
import { startEvaluator } from "./evaluator";

// The first app that people see: an `up` that gives advice on it would teach that advice is not to be heeded.

const release = {
  ...emptyRelease,
  apps: { hello: { web: { image: `registry.petrichor.internal/hello/web@sha256:${"c".repeat(64)}` } } },
};

let evaluator: CelEvaluator;
beforeAll(async () => {
  evaluator = await startEvaluator();
}, 600_000);
afterAll(() => evaluator.close());

test("no rule has anything against the app hello in the environment local", async () => {
  const project = loadProject({ root: path.resolve(__dirname, "../.."), stack: "local", release });
  const objects = project.apps.flatMap((app) => app.objects);
  const policy = stackPolicy(project.stack, today());
  const judge = await ObjectJudge.with(evaluator, objectRules);
  const verdicts = [...(await judge.judge(objects, policy)), ...judgeStack(stackRules, objects, policy)];
  expect(objects.length).toBeGreaterThan(5);
  expect(verdicts.map(({ rule, subject, message }) => `${rule.name} | ${subject} | ${message}`)).toEqual([]);
});
