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
