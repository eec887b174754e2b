import { Module } from "node:module";
import path from "node:path";
import {
  type EnforcementLevel,
  PolicyPack,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { exemptionFor } from "./exemptions";
import { judgeStack, ObjectJudge, type Verdict } from "./judge";
import { CelEvaluator } from "./evaluator";
import { kubeObjectOf, knownProperties } from "./resources";
import type { CloudRule, ObjectRule, Rule, StackRule } from "./rule";
import { cloudRules, objectRules, stackRules } from "./rules";
import { stackPolicy, type StackPolicy, today } from "./settings";
import { ensureTools } from "../toolchain/build";
import * as stackModule from "../stacks/stack";
import { loadStack } from "../stacks/project/environment";
import { parseStackName, stackNames } from "../stacks/project/name";
import { readPrices } from "../stacks/project/prices";

/** The policy pack: the rules as Pulumi's engine asks them, by the settings of the stack that it works on. */
class Pack {
  #policy: StackPolicy | undefined;
  #judge: Promise<ObjectJudge> | undefined;
  #current: { readonly urn: string; readonly verdicts: Promise<readonly Verdict[]> } | undefined;

  constructor(private readonly root: string) {
    new PolicyPack("petrichor", {
      description: "The rules that the cluster judges by at admission, and those that only a preview can see.",
      policies: [
        ...objectRules.map((rule) => this.#objectPolicy(rule)),
        ...stackRules.map((rule) => this.#stackPolicy(rule)),
        ...cloudRules.map((rule) => this.#cloudPolicy(rule)),
      ],
    });
  }

  #objectPolicy(rule: ObjectRule): ResourceValidationPolicy {
    const { fix } = rule;
    return {
      ...this.#about(rule),
      validateResource: async (resource, report) => {
        // The engine asks rule after rule about one resource: the first makes the judgement, the others take theirs from it.
        if (rule === objectRules[0] || this.#current?.urn !== resource.urn) {
          const found = kubeObjectOf(resource);
          this.#current = {
            urn: resource.urn,
            verdicts: found === undefined ? Promise.resolve([]) : this.#judged(found.object),
          };
        }
        const verdicts = await this.#current.verdicts;
        for (const verdict of verdicts) {
          if (verdict.rule === rule && verdict.exemption === undefined) report(verdict.message);
        }
      },
      ...(fix === undefined
        ? {}
        : {
            remediateResource: async (resource) => {
              const found = kubeObjectOf(resource);
              if (found?.complete !== true) return undefined;
              const broken = (await this.#judged(found.object)).some(
                (verdict) => verdict.rule === rule && verdict.exemption === undefined,
              );
              return broken ? { ...fix(found.object) } : undefined;
            },
          }),
    };
  }

  #stackPolicy(rule: StackRule): StackValidationPolicy {
    return {
      ...this.#about(rule),
      validateStack: ({ resources }, report) => {
        const known = resources.flatMap((resource) => {
          const found = kubeObjectOf(resource);
          return found === undefined ? [] : [{ urn: resource.urn, object: found.object }];
        });
        const objects = known.map(({ object }) => object);
        for (const { object, message, exemption } of judgeStack([rule], objects, this.policy)) {
          if (exemption === undefined) report(message, known.find((one) => one.object === object)?.urn);
        }
      },
    };
  }

  #cloudPolicy(rule: CloudRule): StackValidationPolicy {
    return {
      ...this.#about(rule),
      validateStack: ({ resources }, report) => {
        const known = resources.map(({ urn, type, name, props }) => {
          const { properties, unknown } = knownProperties(props);
          return { urn, type, name, properties, unknown };
        });
        for (const { resource, message } of rule.judge(known)) {
          const object = { apiVersion: "", kind: resource.type, metadata: { name: resource.name } };
          if (exemptionFor(rule, object, this.policy.exemptions) === undefined) {
            report(`${message}. ${rule.remedy}`, known.find((one) => one === resource)?.urn);
          }
        }
      },
    };
  }

  #about(rule: Rule): {
    name: string;
    description: string;
    enforcementLevel: EnforcementLevel;
    remediationSteps: string;
  } {
    const refuses = rule.level === "mandatory" && this.policy.enforcement === "deny";
    return {
      name: rule.name,
      description: `${rule.title}. ${rule.why}`,
      enforcementLevel: refuses ? "mandatory" : "advisory",
      remediationSteps: rule.remedy,
    };
  }

  async #judged(object: Parameters<ObjectJudge["judge"]>[0][number]): Promise<readonly Verdict[]> {
    this.#judge ??= startJudge();
    return (await this.#judge).judge([object], this.policy);
  }

  get policy(): StackPolicy {
    this.#policy ??= policyOf(this.root, pulumi.getStack());
    return this.#policy;
  }
}

/**
 * Stack files are TypeScript that their teams change, so they are loaded as they are. The module that they import is in this program already:
 * loaded once more, from sources, it would take longer than everything else.
 */
function prepareForStackFiles(root: string): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- what is loaded before is compiled already
  require("tsx/cjs");
  const filename = path.join(root, "stacks/stack.ts");
  require.cache[filename] ??= Object.assign(new Module(filename), { exports: stackModule, filename, loaded: true });
}

/** The policy of the environment and the prices of the cluster that a Pulumi stack belongs to. */
function policyOf(root: string, name: string): StackPolicy {
  const { environment, layer } = parseStackName(name);
  prepareForStackFiles(root);
  const stack = loadStack(root, environment);
  const cluster = Object.keys(stack.clusters)[stackNames(stack, layer).indexOf(name)] ?? "";
  return stackPolicy(stack, today(), readPrices(root, cluster, stack));
}

async function startJudge(): Promise<ObjectJudge> {
  const { cel } = await ensureTools(["cel"], { report: () => undefined });
  return ObjectJudge.with(new CelEvaluator(cel), objectRules);
}

new Pack(path.dirname(__dirname));
