import { keys } from "../../components/kube/labels";
import { isDefinition } from "../../components/platform/definitions";
import { platformSettings, type Project } from "../../stacks/project";
import type { Target } from "../clusters";
import type { Kubectl } from "../kubectl";
import { table } from "../table";

/** The definition of a kind of custom resources that an engine of ours brought to a cluster. */
export interface Definition {
  /** Its name, for example `scaledobjects.keda.sh`. */
  readonly name: string;
  readonly engine: string;
  /** Custom resources of the kind, whoever made them. */
  readonly resources: number;
  /** `used` by an engine of the stack, or `kept` with what is of its kind after the engine went. */
  readonly state: "used" | "kept";
}

/** What of a project tells which definitions are used. */
type Using = Pick<Project, "platform" | "stack">;

/**
 * Every definition that the engines of a stack brought to its cluster.
 * @param project what the stack runs. Absent: nothing, so that every definition is kept
 */
export async function findDefinitions(kubectl: Kubectl, target: Target, project?: Using): Promise<Definition[]> {
  const found = await ownDefinitions(kubectl, platformSettings(target.stack, target.name).owner);
  const counts = await resourcesOf(kubectl, found);
  const wanted = new Set(project?.platform.engines.flatMap(({ objects }) => objects.filter(isDefinition)).map(nameOf));
  const provided: readonly string[] = project?.stack.provided ?? [];
  return found.map(({ name, engine, kind }) => ({
    name,
    engine,
    resources: counts.get(kind) ?? 0,
    state: wanted.has(name) || provided.includes(engine) ? "used" : "kept",
  }));
}

/** Definitions as people read them. */
export function definitionTable(definitions: readonly Definition[]): string {
  const rows = definitions.map(({ engine, name, resources, state }) => [engine, name, String(resources), state]);
  return table([["ENGINE", "CRD", "CUSTOM RESOURCES", "STATE"], ...rows]);
}

/** What `up` and `down` say of definitions whose engine went; nothing where there is none. */
export function keptDefinitionsNotice(definitions: readonly Definition[], stack: string): string {
  const kept = definitions.filter(({ state }) => state === "kept");
  const engines = [...new Set(kept.map(({ engine }) => engine))];
  if (engines.length === 0) return "";
  const rows = engines.map((engine) => {
    const own = kept.filter((one) => one.engine === engine);
    return [engine, String(own.length), String(own.reduce((sum, { resources }) => sum + resources, 0))];
  });
  const commands = engines.map((engine) => `\`petrichor crds delete ${engine} -s ${stack}\``);
  return `${table([["ENGINE", "CRDS", "CUSTOM RESOURCES"], ...rows])}

These definitions are kept, with what is of their kinds, until you name them: ${commands.join(", ")}.
`;
}

interface OwnDefinition {
  readonly name: string;
  readonly engine: string;
  /** Group and kind of its custom resources, for example `keda.sh/ScaledObject`. */
  readonly kind: string;
}

async function ownDefinitions(kubectl: Kubectl, owner: string): Promise<OwnDefinition[]> {
  const engine = `.metadata.labels.${keys.engine.replaceAll(".", "\\.")}`;
  const format = `{.metadata.name}|{.spec.group}/{.spec.names.kind}|{${engine}}`;
  const selector = ["--selector", `${keys.engine},${keys.stack}=${owner}`];
  return (await lines(kubectl, ["customresourcedefinitions", ...selector], format)).map((line) => {
    const [name = "", kind = "", id = ""] = line.split("|");
    return { name, kind, engine: id };
  });
}

/** Group and kind → how many custom resources there are. */
async function resourcesOf(
  kubectl: Kubectl,
  definitions: readonly OwnDefinition[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  if (definitions.length === 0) return counts;
  const names = definitions.map(({ name }) => name).join(",");
  for (const line of await lines(kubectl, [names, "--all-namespaces"], "{.apiVersion}|{.kind}")) {
    const [version = "", kind = ""] = line.split("|");
    const key = `${version.split("/")[0] ?? ""}/${kind}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

async function lines(kubectl: Kubectl, what: readonly string[], format: string): Promise<string[]> {
  const text = await kubectl.text("get", ...what, "--output", `jsonpath={range .items[*]}${format}{"\\n"}{end}`);
  return text.split("\n").filter((line) => line !== "");
}

function nameOf({ metadata }: { readonly metadata: { readonly name: string } }): string {
  return metadata.name;
}
