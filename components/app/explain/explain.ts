import type { ClusterFacts } from "../../cluster/facts";
import { PetrichorError, throwAll } from "../../errors";
import { type FieldPath, formatPath, parsePath } from "../../input/path";
import { closest } from "../../input/suggest";
import { appDefaults, workloadDefaults } from "../definition/defaults";
import type { ResolveInput } from "../model/input";
import { isTree, valueAt } from "../model/layers";
import { Problems } from "../model/problems";
import { modelOf, type SettledApp, settleAll } from "../model/resolve";
import type { WorkloadModel } from "../model/types";
import { appVocabulary, describeAppField, describeField, workloadVocabulary } from "../model/vocabulary";
import { type Layer, type ResolvedField, resolveFields, withoutNulls, withoutTaken } from "./layers";
import { completing, completingApp, replacing } from "./made";

/** A field with its value and its meaning. */
export interface ExplainedField extends Omit<ResolvedField, "value" | "origin"> {
  /** Absent: it has no value. */
  readonly value?: unknown;
  readonly origin?: ResolvedField["origin"];
  /** What the schema says that it means. */
  readonly meaning?: string;
}

/** The fields of an app, or of one of its workloads. */
export interface Explanation {
  readonly app: string;
  /** The app's file, relative to the project. */
  readonly file: string;
  readonly workload?: string;
  readonly kind?: string;
  readonly fields: readonly ExplainedField[];
}

export interface ExplainInput extends ResolveInput {
  readonly facts: ClusterFacts;
}

/**
 * Says what a field of an app comes to, and why: `shop` (the app and all its workloads), `shop.web`, `shop.web.scale`, `shop.quota`. It
 * needs the app to be well-formed, not to be complete. Pure.
 * @throws PetrichorError APP_UNKNOWN, WORKLOAD_UNKNOWN or FIELD_UNKNOWN; PetrichorErrors with what is wrong with the app's fields
 */
export function explain(what: string, input: ExplainInput): readonly Explanation[] {
  const [name = "", ...rest] = what.split(".");
  const problems = new Problems(input.stack);
  const apps = settleAll(input, problems);
  throwAll(problems.errors.filter(({ place }) => place.app === name));
  const app = apps.find((one) => one.app.name === name);
  if (app === undefined) throw unknownApp(name, input);
  const model = modelOf(app, apps, input);
  const all = [explainOwn(app, completingApp(model)), ...model.workloads.map((one) => explainOne(app, one, input))];
  if (rest.length === 0) return all;
  return [narrowed(all, rest.join("."))];
}

function explainOwn({ app, source }: SettledApp, made: Layer): Explanation {
  const layers: Layer[] = [
    { tree: { ...app, workloads: undefined }, origin: (path) => ({ from: "app", path }) },
    { tree: appDefaults, origin: () => ({ from: "default" }) },
    made,
  ];
  const ordered = inOrder(resolveFields(layers), appVocabulary.fields([]));
  const fields = ordered.map((field) => ({ ...field, ...meaning(describeAppField(field.path)) }));
  return { app: app.name, file: source.file, fields };
}

function explainOne(
  { app, source, settled }: SettledApp,
  model: WorkloadModel,
  { stack, facts }: ExplainInput,
): Explanation {
  const workload = settled.get(model.name);
  if (workload === undefined) throw new TypeError(`workload ${model.name} was not settled`);
  const written = valueAt(source.definition, ["workloads", model.name]);
  const override = valueAt(stack.overrides, [app.name, model.name]) ?? {};
  const layers: Layer[] = [
    replacing(workload, model, facts),
    {
      tree: withoutNulls(override),
      origin: (path) => ({ from: "stack", path: ["overrides", app.name, model.name, ...path] }),
    },
    {
      tree: withoutTaken(written, override),
      origin: (path) => ({ from: "app", path: ["workloads", model.name, ...path] }),
    },
    { tree: workloadDefaults[workload.kind], origin: () => ({ from: "default" }) },
    completing(workload, model, facts),
  ];
  const fields = inOrder(resolveFields(layers), workloadVocabulary(workload.kind).fields([]))
    .filter(({ path }) => path[0] !== "kind")
    .map((field) => ({ ...field, ...meaning(describeField(workload.kind, field.path)) }));
  return { app: app.name, file: source.file, workload: model.name, kind: workload.kind, fields };
}

/** Fields in the order of the schema. */
function inOrder(fields: readonly ResolvedField[], schema: readonly string[]): ResolvedField[] {
  const place = ({ path }: ResolvedField): number => schema.indexOf(String(path[0]));
  return [...fields].sort((left, right) => place(left) - place(right));
}

function meaning(text: string | undefined): { meaning?: string } {
  return text === undefined ? {} : { meaning: text };
}

/** The part of an explanation that is asked for: a workload, or a field of it or of the app. */
function narrowed(all: readonly Explanation[], asked: string): Explanation {
  const [own, ...workloads] = all;
  if (own === undefined) throw new TypeError("an explanation begins with the app itself");
  const [, name = "", field = ""] = /^([^.[]+)\.?(.*)$/s.exec(asked) ?? [];
  const workload = workloads.find((one) => one.workload === name);
  if (workload !== undefined) return field === "" ? workload : fieldOf(workload, field);
  const fields = appVocabulary.fields([]).filter((one) => one !== "workloads");
  if (fields.includes(name)) return fieldOf(own, asked);
  throw unknownWorkload(own, name, [...workloads.flatMap((one) => one.workload ?? []), ...fields]);
}

function fieldOf(explanation: Explanation, text: string): Explanation {
  const path = pathOf(explanation, text);
  const fields = explanation.fields.filter((one) => path.every((part, index) => one.path[index] === part));
  if (fields.length > 0) return { ...explanation, fields };
  const { kind } = explanation;
  const vocabulary = kind === undefined ? appVocabulary : workloadVocabulary(kind as never);
  const describe = (at: FieldPath) => (kind === undefined ? describeAppField(at) : describeField(kind as never, at));
  const unset = vocabulary.fields(path.slice(0, -1)).includes(String(path.at(-1)));
  if (unset) return { ...explanation, fields: [{ path, ...meaning(describe(path)) }] };
  throw unknownField(explanation, path, vocabulary.fields(path.slice(0, -1)));
}

function pathOf(explanation: Explanation, text: string): FieldPath {
  try {
    return parsePath(text);
  } catch {
    throw unknownField(explanation, [text], []);
  }
}

function unknownApp(name: string, { definitions }: ExplainInput): PetrichorError {
  const known = definitions.flatMap(({ definition }) =>
    isTree(definition) && typeof definition["name"] === "string" ? [definition["name"]] : [],
  );
  const fix = known.length === 0 ? "`petrichor init` makes one." : suggestion(name, known);
  return new PetrichorError("APP_UNKNOWN", `no app "${name}" is placed here.`, fix);
}

function unknownWorkload({ app, file }: Explanation, name: string, known: readonly string[]): PetrichorError {
  const message = `it has no workload and no field "${name}".`;
  return new PetrichorError("WORKLOAD_UNKNOWN", message, suggestion(name, known), { file, app });
}

function unknownField(explanation: Explanation, path: FieldPath, schema: readonly string[]): PetrichorError {
  const { app, file, workload } = explanation;
  const depth = path.length - 1;
  const beside = explanation.fields.filter((one) => path.slice(0, -1).every((part, at) => one.path[at] === part));
  const known = [...new Set([...beside.flatMap((one) => one.path[depth] ?? []).map(String), ...schema])];
  const place = { file, app, ...(workload === undefined ? {} : { workload }) };
  const message = `${formatPath(path)} is not a field.`;
  return new PetrichorError("FIELD_UNKNOWN", message, suggestion(path.at(-1) ?? "", known), place);
}

function suggestion(word: string | number, known: readonly string[]): string {
  const meant = typeof word === "number" ? undefined : closest(word, known);
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  return known.length === 0 ? "Ask for a field that is there." : `Take one of: ${known.join(", ")}.`;
}
