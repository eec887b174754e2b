import { z } from "zod";
import { problemsOf } from "../../input/issues";
import { type AppDefinition, appSchema } from "../definition/app";
import { label } from "../definition/scalars";
import { type Kind, kinds, type Workload, workload } from "../definition/workload";
import type { SourcedDefinition, StackInput } from "./input";
import { isTree, overlay } from "./layers";
import { problem, type Problems } from "./problems";
import { appVocabulary, workloadVocabulary } from "./vocabulary";

/** An app whose every field is well-formed; defaults are not filled in yet. */
export interface ReadApp {
  readonly source: SourcedDefinition;
  readonly app: Omit<AppDefinition, "workloads">;
  /** Those that are well-formed. */
  readonly workloads: ReadonlyMap<string, Workload>;
  /** All that were written, well-formed or not. */
  readonly names: ReadonlySet<string>;
}

const shell = appSchema.extend({
  workloads: z
    .record(label, z.unknown(), { error: "a map of names to workloads" })
    .refine((workloads) => Object.keys(workloads).length > 0, { error: "at least one workload" }),
});

/** Checks the form of one app with the stack's overrides laid over it. */
export function readApp(source: SourcedDefinition, stack: StackInput, problems: Problems): ReadApp | undefined {
  const { definition } = source;
  const name = isTree(definition) && typeof definition["name"] === "string" ? definition["name"] : source.file;
  const subject = { source, app: name };
  const parsed = shell.safeParse(definition, { reportInput: true });
  if (!parsed.success) {
    for (const found of problemsOf(parsed.error.issues, definition, appVocabulary)) problems.add(subject, found);
  }
  const written = isTree(definition) && isTree(definition["workloads"]) ? definition["workloads"] : {};
  const overrides = stack.overrides?.[name] ?? {};
  for (const unknown of Object.keys(overrides).filter((key) => !Object.hasOwn(written, key))) {
    problems.addToStack(
      problem(
        "WORKLOAD_UNKNOWN",
        ["overrides", name, unknown],
        `the stack overrides workload "${unknown}" of app "${name}", which has none of that name.`,
        `Take the override out, or name one of ${Object.keys(written).join(", ")}.`,
      ),
    );
  }
  const workloads = new Map<string, Workload>();
  for (const [key, value] of Object.entries(written)) {
    const laid = overrides[key] === undefined ? value : overlay(value, overrides[key]);
    const read = readWorkload({ ...subject, workload: key }, laid, problems);
    if (read !== undefined) workloads.set(key, read);
  }
  if (!parsed.success) return undefined;
  return { source, app: parsed.data, workloads, names: new Set(Object.keys(written)) };
}

function readWorkload(
  subject: { source: SourcedDefinition; app: string; workload: string },
  input: unknown,
  problems: Problems,
): Workload | undefined {
  const parsed = workload.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const kind = isTree(input) && typeof input["kind"] === "string" && input["kind"] in kinds ? input["kind"] : "service";
  for (const found of problemsOf(parsed.error.issues, input, workloadVocabulary(kind as Kind)))
    problems.add(subject, found);
  return undefined;
}
