import type { ExplainedField, Explanation } from "../../components/app/explain/explain";
import type { Origin } from "../../components/app/explain/layers";
import { type FieldPath, formatPath } from "../../components/input/path";
import type { colorsFor } from "../progress";
import { table } from "../table";

/** Knows the line of a field in a file of the project; nothing where the file doesn't tell. */
export type LineOf = (file: string, path: FieldPath) => number | undefined;

/** What is needed to say where values come from. */
export interface Setting {
  readonly lineOf: LineOf;
  readonly stackFile: string;
  readonly stackName: string;
  readonly colors: ReturnType<typeof colorsFor>;
}

/** Longest value in a table, in characters; a field that is asked for by name is shown whole. */
const longest = 60;

/** An app or workload as a table, its fields with their values and where these come from. Empty lists and maps that nobody wrote are left out. */
export function explanationTable(explanation: Explanation, setting: Setting): string {
  const { colors } = setting;
  const shown = explanation.fields.filter((field) => field.origin?.from !== "default" || !isEmpty(field.value));
  const rows = shown.map((field) => [
    `  ${formatPath(field.path)}`,
    shorten(valueText(field.value)),
    quiet(field, setting)(originText(field.origin, explanation, setting) + insteadText(field, explanation, setting)),
  ]);
  const title = colors.bold(name(explanation));
  return `${title}  ${colors.dim(explanation.kind ?? "app")}\n${table(rows)}\n`;
}

/** Fields one by one, with what they mean. */
export function fieldText(explanation: Explanation, setting: Setting): string {
  const { colors } = setting;
  const texts = explanation.fields.map((field) => {
    const value = field.origin === undefined ? colors.dim("not set") : valueText(field.value);
    const origin = originText(field.origin, explanation, setting) + insteadText(field, explanation, setting);
    return [
      `${colors.bold(`${name(explanation)}.${formatPath(field.path)}`)}  ${value}`,
      ...(field.meaning === undefined ? [] : [`  ${field.meaning}`]),
      ...(origin === "" ? [] : [`  ${colors.dim(origin)}`]),
    ].join("\n");
  });
  return `${texts.join("\n\n")}\n`;
}

/** The same for a machine: paths as text, places as file and line. */
export function explanationData(explanation: Explanation, setting: Setting): object {
  const { fields, ...who } = explanation;
  const told = fields.map(({ path, value, origin, meaning, instead }) => ({
    field: formatPath(path),
    ...(origin === undefined ? {} : { value, origin: placed(origin, explanation, setting) }),
    ...(instead === undefined
      ? {}
      : { instead: { value: instead.value, origin: placed(instead.origin, explanation, setting) } }),
    ...(meaning === undefined ? {} : { meaning }),
  }));
  return { stack: setting.stackName, ...who, fields: told };
}

function placed(origin: Origin, { file }: Explanation, { lineOf, stackFile }: Setting): object {
  if (origin.from !== "app" && origin.from !== "stack") return origin;
  const where = origin.from === "app" ? file : stackFile;
  const line = lineOf(where, origin.path);
  return { from: origin.from, file: where, ...(line === undefined ? {} : { line }) };
}

function name({ app, workload }: Explanation): string {
  return workload === undefined ? app : `${app}.${workload}`;
}

function quiet({ origin }: ExplainedField, { colors }: Setting): (text: string) => string {
  return origin?.from === "stack" ? colors.cyan : colors.dim;
}

function originText(origin: Origin | undefined, { file }: Explanation, { lineOf, stackFile }: Setting): string {
  switch (origin?.from) {
    case undefined:
      return "";
    case "app":
      return place(file, lineOf(file, origin.path));
    case "stack":
      return place(stackFile, lineOf(stackFile, origin.path));
    case "release":
      return "release file";
    case "default":
      return "default";
    case "facts":
      return `cluster fact \`${origin.fact}\``;
    case "derived":
      return `from ${origin.of}`;
  }
}

function insteadText({ instead }: ExplainedField, explanation: Explanation, setting: Setting): string {
  if (instead === undefined) return "";
  const where = originText(instead.origin, explanation, setting);
  return `, instead of ${shorten(valueText(instead.value))} in ${where}`;
}

function place(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`;
}

function valueText(value: unknown): string {
  if (typeof value === "function") return "a function";
  return typeof value === "string" && /^[\w./:@%-]+$/.test(value) ? value : JSON.stringify(value);
}

function shorten(text: string): string {
  if (text.length <= longest) return text;
  const digest = /^(.+@sha256:[0-9a-f]{8})[0-9a-f]+$/.exec(text);
  return digest === null ? `${text.slice(0, longest - 1)}…` : `${digest[1] ?? ""}…`;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
