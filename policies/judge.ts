import { type KubeObject, objectKey } from "../components/kube/object";
import type { Exemption } from "../components/policy/settings";
import { admissionParameters, admissionPolicy, policyName } from "./admission";
import type { CelEvaluator, Form, Subject } from "./evaluator";
import { exemptionFor } from "./exemptions";
import type { ObjectRule, Rule, RuleSettings, StackRule } from "./rule";

/** What a rule has against an object. */
export interface Verdict {
  readonly rule: Rule;
  /** The object as messages name it, for example `apps/v1/Deployment shop/web`. */
  readonly subject: string;
  readonly object: KubeObject;
  /** What is wrong and what to do. */
  readonly message: string;
  /** The leave that the object has; nothing where it has none. */
  readonly exemption?: Exemption;
}

export interface JudgeOptions {
  readonly settings: RuleSettings;
  readonly exemptions: readonly Exemption[];
  /** Default: `raw`. */
  readonly form?: Form;
}

/** Judges Kubernetes objects before any API server sees them, by the policies that it will judge them by. */
export class ObjectJudge {
  readonly #rules: ReadonlyMap<string, ObjectRule>;

  private constructor(
    private readonly evaluator: CelEvaluator,
    rules: readonly ObjectRule[],
  ) {
    this.#rules = new Map(rules.map((rule) => [policyName(rule), rule]));
  }

  /** Makes rules ready; an evaluator serves one judge at a time. */
  static async with(evaluator: CelEvaluator, rules: readonly ObjectRule[]): Promise<ObjectJudge> {
    await evaluator.load(rules.map(admissionPolicy));
    return new ObjectJudge(evaluator, rules);
  }

  /** What the rules have against the objects, in the order of the objects; those with leave are marked. */
  async judge(objects: readonly KubeObject[], options: JudgeOptions): Promise<readonly Verdict[]> {
    return (
      await this.judgeSubjects(
        objects.map((object) => ({ object })),
        options,
      )
    ).flat();
  }

  /** The same for requests of any kind; one list of verdicts for each. */
  async judgeSubjects(subjects: readonly Subject[], options: JudgeOptions): Promise<readonly (readonly Verdict[])[]> {
    const { settings, exemptions, form = "raw" } = options;
    const strict = await this.evaluator.judge(admissionParameters(settings, []), form, subjects);
    const found = strict.map(({ findings = [], unreadable }, index) => {
      const object = subjectOf(subjects[index]);
      if (unreadable !== undefined) throw new Error(`${objectKey(object)} can't be read: ${unreadable}`);
      return findings.map(({ policy, message }) => ({ object, rule: this.#ruleOf(policy), message }));
    });
    return found.map((verdicts) =>
      verdicts.map(({ object, rule, message }) => {
        const exemption = exemptionFor(rule, object, exemptions);
        return { rule, object, subject: objectKey(object), message, ...(exemption === undefined ? {} : { exemption }) };
      }),
    );
  }

  #ruleOf(policy: string): ObjectRule {
    const rule = this.#rules.get(policy);
    if (rule === undefined) throw new Error(`no rule is named ${policy}`);
    return rule;
  }
}

/** What rules about several objects have against those of a stack. */
export function judgeStack(
  rules: readonly StackRule[],
  objects: readonly KubeObject[],
  { settings, exemptions }: JudgeOptions,
): readonly Verdict[] {
  return rules.flatMap((rule) =>
    rule.judge(objects, settings).map(({ object, message }) => {
      const exemption = exemptionFor(rule, object, exemptions);
      return {
        rule,
        object,
        subject: objectKey(object),
        message: `${message}. ${rule.remedy}`,
        ...(exemption === undefined ? {} : { exemption }),
      };
    }),
  );
}

function subjectOf(subject: Subject | undefined): KubeObject {
  const object = subject?.object ?? subject?.oldObject;
  if (object === undefined) throw new TypeError("a subject has neither an object nor an old object");
  return object;
}
