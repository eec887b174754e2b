import { podPaths, type Kind } from "./kinds";

/** A named CEL expression that rules use as `variables.<name>`; evaluated at most once for an object, and only if used. */
export interface Variable {
  readonly name: string;
  readonly expression: string;
}

/** A variable that stands for different places in different kinds. */
interface Definition extends Variable {
  /** Expressions that the types of one kind allow; several where several places have types of their own. Default: the same. */
  readonly typed?: (kind: string) => readonly string[] | undefined;
}

/**
 * The pod of any kind that carries one. `dyn` keeps the type checker from looking for the path of one kind in another; the check
 * at build time goes through each kind with its own path instead: see `typedVariables`.
 */
const podSpec = `object.kind == 'Pod' ? dyn(object).${podPaths.Pod} : object.kind == 'CronJob' ? dyn(object).${podPaths.CronJob} : dyn(object).${podPaths.Deployment}`;

/** Containers that a workload brings, and those that a person adds to a running pod. */
const ownLists = ["containers", "initContainers"].map(containersIn);
const allLists = [...ownLists, containersIn("ephemeralContainers")];

function containersIn(list: string): string {
  return `variables.podSpec.?${list}.orValue([])`;
}

/** Every variable; each may use those before it. */
export const variables: readonly Definition[] = [
  { name: "subject", expression: "request.operation == 'DELETE' ? oldObject : object" },
  { name: "podSpec", expression: podSpec, typed: (kind) => podPath(kind) },
  { name: "containers", expression: allLists.join(" + "), typed: () => allLists },
  { name: "ownContainers", expression: ownLists.join(" + "), typed: () => ownLists },
  {
    name: "hosts",
    expression: `object.kind == 'Ingress' ? ${ingressHosts("dyn(object)")} : dyn(object).spec.?hostnames.orValue([])`,
    typed: (kind) => (kind === "Ingress" ? [ingressHosts("object")] : undefined),
  },
  {
    name: "replicaCeiling",
    expression: `object.kind == 'ScaledObject' ? dyn(object).spec.?maxReplicaCount.orValue(2147483647) : dyn(object).spec.maxReplicas`,
    typed: (kind) => (kind === "HorizontalPodAutoscaler" ? ["object.spec.maxReplicas"] : undefined),
  },
  // The API server writes a role without rules as one with the rules null.
  {
    name: "grants",
    expression: "object.?rules.hasValue() && dyn(object.rules) != null ? object.rules : []",
  },
  { name: "registries", expression: "params.data.registries.split('\\n').filter(line, line != '')" },
  { name: "domains", expression: "params.data.domains.split('\\n').filter(line, line != '')" },
  { name: "exemptions", expression: "params.data.exemptions.split('\\n')" },
  {
    name: "controllers",
    expression:
      "variables.subject.metadata.?ownerReferences.orValue([]).filter(owner, owner.?controller.orValue(false))",
  },
  // An object may be exempt by its own name, by that of its controller, or by that of the controller's controller.
  {
    name: "holders",
    expression: [
      "[{'kind': variables.subject.kind, 'name': variables.subject.metadata.?name.orValue('')}]",
      "variables.controllers.map(owner, {'kind': owner.kind, 'name': owner.name})",
      controllerOf("ReplicaSet", "Deployment"),
      controllerOf("Job", "CronJob"),
    ].join(" + "),
  },
  {
    name: "place",
    expression:
      "variables.subject.metadata.?namespace.orValue('') == '' ? '' : variables.subject.metadata.namespace + '/'",
  },
  {
    name: "names",
    expression:
      "variables.holders.map(holder, holder.kind + ' ' + variables.place + holder.name) + variables.holders.map(holder, holder.kind + ' ' + variables.place + '*') + ['* ' + variables.place + '*']",
  },
];

function ingressHosts(object: string): string {
  return `${object}.spec.?rules.orValue([]).map(rule, rule.?host.orValue(''))`;
}

/** `web-5d9c` of a ReplicaSet comes from the Deployment `web`, `report-28` of a Job from the CronJob `report`. */
function controllerOf(kind: string, maker: string): string {
  const name = "owner.name.substring(0, owner.name.lastIndexOf('-'))";
  const those = `variables.controllers.filter(owner, owner.kind == '${kind}' && owner.name.contains('-'))`;
  return `${those}.map(owner, {'kind': '${maker}', 'name': ${name}})`;
}

/** The variables that expressions use, and those that these use, in an order in which each comes after what it needs. */
export function usedVariables(expressions: readonly string[]): readonly Variable[] {
  const used = new Set<string>();
  const collect = (expression: string): void => {
    for (const [, name = ""] of expression.matchAll(/\bvariables\.([A-Za-z]+)/g)) {
      if (used.has(name)) continue;
      used.add(name);
      collect(variables.find((variable) => variable.name === name)?.expression ?? "");
    }
  };
  expressions.forEach(collect);
  return variables.filter(({ name }) => used.has(name)).map(({ name, expression }) => ({ name, expression }));
}

/**
 * The same variables with the types of one kind, so that a misspelt field is found: one set for each place with types of its own,
 * because the API gives ephemeral containers another type than the rest.
 */
export function typedVariables(used: readonly Variable[], { kind }: Kind): readonly (readonly Variable[])[] {
  const choices = used.map(({ name, expression }) => ({
    name,
    expressions: variables.find((variable) => variable.name === name)?.typed?.(kind) ?? [expression],
  }));
  const sets = Math.max(1, ...choices.map(({ expressions }) => expressions.length));
  return Array.from({ length: sets }, (_, set) =>
    choices.map(({ name, expressions }) => ({ name, expression: expressions[set % expressions.length] ?? "" })),
  );
}

function podPath(kind: string): readonly string[] | undefined {
  const path = (podPaths as Partial<Record<string, string>>)[kind];
  return path === undefined ? undefined : [`object.${path}`];
}
