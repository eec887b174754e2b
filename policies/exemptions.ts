import { PetrichorError } from "../components/errors";
import { closest } from "../components/input/suggest";
import type { KubeObject } from "../components/kube/object";
import type { Exemption } from "../components/policy/settings";
import type { Rule } from "./rule";

/** The leave that an object has to break a rule: by its own name, by that of its controller, or by its namespace. */
export function exemptionFor(
  rule: Pick<Rule, "name">,
  object: KubeObject,
  exemptions: readonly Exemption[],
): Exemption | undefined {
  if (exemptions.length === 0) return undefined;
  const names = new Set(exemptableNames(object));
  return exemptions.find((exemption) => exemption.rule === rule.name && names.has(exemption.object));
}

/** The names by which an exemption may mean an object; the API server finds the same with the variable `names`. */
export function exemptableNames(object: KubeObject): readonly string[] {
  const { name, namespace } = object.metadata;
  const place = namespace === undefined || namespace === "" ? "" : `${namespace}/`;
  const holders = [{ kind: object.kind, name }, ...controllersOf(object)];
  return [
    ...holders.map((holder) => `${holder.kind} ${place}${holder.name}`),
    ...holders.map((holder) => `${holder.kind} ${place}*`),
    `* ${place}*`,
  ];
}

/** Kinds whose objects are named after the one that made them, with something added behind a dash. */
const makers: Partial<Record<string, string>> = { ReplicaSet: "Deployment", Job: "CronJob" };

interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly controller?: boolean;
}

function controllersOf(object: KubeObject): Owner[] {
  const { ownerReferences = [] } = object.metadata as { ownerReferences?: readonly Owner[] };
  const controllers = ownerReferences.filter(({ controller }) => controller === true);
  return controllers.flatMap((owner) => {
    const maker = makers[owner.kind];
    const dash = owner.name.lastIndexOf("-");
    return maker === undefined || dash < 0 ? [owner] : [owner, { kind: maker, name: owner.name.slice(0, dash) }];
  });
}

/**
 * What is wrong with the exemptions of a stack file: those that have run out, and those that name no rule.
 * @param today as `2027-01-31`, UTC
 */
export function exemptionErrors(
  exemptions: readonly Exemption[],
  rules: readonly Pick<Rule, "name">[],
  today: string,
  file: string,
): readonly PetrichorError[] {
  const names = rules.map(({ name }) => name);
  return exemptions.flatMap(({ rule, object, owner, expires }, index) => {
    const place = { file, field: `policy.exemptions[${index}]` };
    if (!names.includes(rule)) {
      const meant = closest(rule, names);
      const hint = meant === undefined ? "Take a name that `petrichor policy list` has." : `Did you mean "${meant}"?`;
      return [new PetrichorError("EXEMPTION_RULE_UNKNOWN", `there is no rule "${rule}".`, hint, place)];
    }
    if (expires === undefined || today <= expires) return [];
    const message = `the exemption of ${object} from "${rule}", for which ${owner} answers, ran out on ${expires}.`;
    return [
      new PetrichorError("EXEMPTION_EXPIRED", message, "Correct the object, or have the exemption renewed.", place),
    ];
  });
}

/** Exemptions that hold on a day. */
export function exemptionsOn(today: string, exemptions: readonly Exemption[]): readonly Exemption[] {
  return exemptions.filter(({ expires }) => expires === undefined || today <= expires);
}
