import type { KubeObject } from "../../../components/kube/object";
import { CelEvaluator } from "../../../policies/evaluator";
import { type JudgeOptions, judgeStack, ObjectJudge } from "../../../policies/judge";
import { objectRules, stackRules } from "../../../policies/rules";
import { ensureTools } from "../../../toolchain/build";
import { easySettings } from "../../policies/evaluator";
import { secondsOf } from "../measure/seconds";
import { memoryOfChildren } from "./memory";
import { objectsOfApps } from "./objects";

/** What one process that has judged nothing before says of judging; seconds are of its own clock. */
export interface Judged {
  readonly objects: number;
  /** Rules about one object, and about several. */
  readonly rules: number;
  /** Seconds until the evaluator runs and its policies are ready. */
  readonly ready: number;
  /** Seconds of the first judgement by all rules: those of each kind are compiled together on the way. */
  readonly first: number;
  /** Seconds of the same once more, when nothing is left to compile. */
  readonly again: number;
  /** Seconds where every pod breaks a rule. */
  readonly broken: number;
  readonly verdicts: number;
  /** Largest resident sets, MiB. */
  readonly memory: number;
  readonly evaluatorMemory: number;
}

/** An environment that asks something of every rule. */
const settings = {
  ...easySettings,
  domains: ["dev.example.com"],
  registries: ["registry.example.com/"],
  minimumReplicas: 2,
  monthlyBudget: 1e9,
  prices: {
    currency: "EUR",
    cpu: 20,
    memory: 3,
    storage: 0.1,
    loadBalancer: 15,
    expectedLoad: 0.3,
  },
};

async function main(count: number): Promise<Judged> {
  const objects = objectsOfApps(count);
  const { cel } = await ensureTools(["cel"], { report: () => undefined });
  const evaluator = new CelEvaluator(cel);
  let judge: ObjectJudge | undefined;
  const ready = await secondsOf(async () => {
    judge = await ObjectJudge.with(evaluator, objectRules);
  });
  let verdicts = 0;
  const judged = (changed: object = {}): Promise<number> =>
    secondsOf(async () => {
      verdicts = await verdictsOn(judge, objects, { settings: { ...settings, ...changed }, exemptions: [] });
    });
  const [first, again, broken] = [await judged(), await judged(), await judged({ registries: ["other.example.com/"] })];
  const evaluatorMemory = memoryOfChildren();
  await evaluator.close();
  return {
    objects: objects.length,
    rules: objectRules.length + stackRules.length,
    ...{ ready, first, again, broken, verdicts },
    memory: Math.round(process.resourceUsage().maxRSS / 1024),
    evaluatorMemory,
  };
}

async function verdictsOn(
  judge: ObjectJudge | undefined,
  objects: readonly KubeObject[],
  options: JudgeOptions,
): Promise<number> {
  const found = (await judge?.judge(objects, options)) ?? [];
  return found.length + judgeStack(stackRules, objects, options).length;
}

void main(Number(process.argv[2])).then((judged) => process.stdout.write(JSON.stringify(judged)));
