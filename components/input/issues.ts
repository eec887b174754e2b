import type { z } from "zod";
import type { ErrorCode } from "../error-codes";
import { type FieldPath, formatPath } from "./path";
import { choices, closest, editDistance } from "./suggest";

/** One thing wrong with what a person wrote, before its place is known. */
export interface Problem {
  readonly code: ErrorCode;
  readonly path: FieldPath;
  /** A whole sentence that names the field and the offending value. */
  readonly message: string;
  /** An imperative sentence. */
  readonly fix: string;
}

/** What the translation can't know from an issue alone. */
export interface Vocabulary {
  /** Phrases that name a unit: a value that breaks one has the code FIELD_UNIT. */
  readonly units: ReadonlySet<string>;
  /** Fields that may stand at a path. */
  readonly fields: (path: FieldPath) => readonly string[];
  /** Where else a field of that name belongs, for example `kind "cron"`. */
  readonly belongs?: (field: string, path: FieldPath) => string | undefined;
  /** Paths whose values may be secret and are never shown. */
  readonly hidden?: (path: FieldPath) => boolean;
}

type Issue = z.core.$ZodIssue;

/** Translates what zod found wrong into problems in the words of the product. */
export function problemsOf(issues: readonly Issue[], input: unknown, vocabulary: Vocabulary): Problem[] {
  const meant = new Set(issues.flatMap((issue) => misspelt(issue, vocabulary)));
  return issues
    .flatMap((issue) => translate(issue, input, vocabulary))
    .filter(({ code, path }) => code !== "FIELD_MISSING" || !meant.has(formatPath(path)));
}

/** The fields that somebody wrote, but misspelt: saying that they are missing too would be a second message for one mistake. */
function misspelt(issue: Issue, vocabulary: Vocabulary): string[] {
  if (issue.code !== "unrecognized_keys") return [];
  const owner = issue.path as FieldPath;
  const fields = vocabulary.fields(owner);
  return issue.keys.flatMap((key) => closest(key, fields) ?? []).map((name) => formatPath([...owner, name]));
}

function translate(issue: Issue, input: unknown, vocabulary: Vocabulary): Problem[] {
  const path = issue.path as FieldPath;
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownField([...path, key], vocabulary));
  if (issue.code === "invalid_union") {
    const { options } = issue as { options?: readonly unknown[] };
    if (options !== undefined) return [notOneOf(path, at(input, path), options)];
    const branch = likeliestBranch(issue.errors);
    if (branch !== undefined) {
      return problemsOf(
        branch.map((inner) => ({ ...inner, path: [...path, ...inner.path] })),
        input,
        vocabulary,
      );
    }
  }
  const value = at(input, path);
  if (value === undefined && issue.code === "invalid_value") return [notOneOf(path, value, issue.values)];
  if (value === undefined && issue.code !== "custom") return [missing(path, issue.message)];
  const is = `${named(path)} is ${vocabulary.hidden?.(path) === true ? kindOf(value) : shown(value)}`;
  if (issue.code === "invalid_key") {
    const expected = issue.issues[0]?.message ?? issue.message;
    const key = path.at(-1) ?? "";
    const owner = formatPath(path.slice(0, -1));
    return [
      {
        code: "FIELD_NAME",
        path,
        message: `${JSON.stringify(key)} can't be a name in ${owner}.`,
        fix: `Write ${expected}.`,
      },
    ];
  }
  if (issue.code === "invalid_value") return [notOneOf(path, value, issue.values)];
  if (vocabulary.units.has(issue.message)) {
    return [
      { code: "FIELD_UNIT", path, message: `${is}, which has no unit known here.`, fix: `Write ${issue.message}.` },
    ];
  }
  if (issue.code === "too_small" || issue.code === "too_big") return [outOfRange(issue, path, is)];
  if (issue.code === "invalid_format") {
    return [
      {
        code: "FIELD_FORMAT",
        path,
        message: `${is}, which has the wrong form.`,
        fix: `Write ${issue.message}.`,
      },
    ];
  }
  if (issue.code === "custom") {
    return [{ code: "FIELD_VALUE", path, message: `${is}, which can't be.`, fix: `Write ${issue.message}.` }];
  }
  const { not, write } = ofType(issue, vocabulary.fields(path));
  return [{ code: "FIELD_TYPE", path, message: `${is}, which is ${not}.`, fix: `Write ${write}.` }];
}

function notOneOf(path: FieldPath, value: unknown, values: readonly unknown[]): Problem {
  if (value === undefined) return missing(path, choices(values));
  const meant = typeof value === "string" ? closest(value, values.map(String)) : undefined;
  const fix = meant === undefined ? `Write ${choices(values)}.` : `Did you mean ${JSON.stringify(meant)}?`;
  const not = values.length === 1 ? "which is not" : "which is not one of";
  return {
    code: "FIELD_VALUE",
    path,
    message: `${named(path)} is ${shown(value)}, ${not} ${choices(values)}.`,
    fix,
  };
}

function missing(path: FieldPath, message: string): Problem {
  const fix = message.startsWith("Invalid") ? "Write it." : `Write ${message}.`;
  return { code: "FIELD_MISSING", path, message: `${named(path)} is missing.`, fix };
}

/** What is read as a whole has no name of its own; the message says before whose it is. */
function named(path: FieldPath): string {
  return path.length === 0 ? "it" : formatPath(path);
}

function unknownField(path: FieldPath, vocabulary: Vocabulary): Problem {
  const name = String(path.at(-1));
  const owner = path.slice(0, -1);
  const fields = vocabulary.fields(owner);
  const belongs = vocabulary.belongs?.(name, owner);
  const meant = closest(name, fields);
  const fix =
    meant !== undefined
      ? `Did you mean ${JSON.stringify(meant)}?`
      : belongs !== undefined
        ? `Take it out: it belongs to ${belongs}.`
        : `Take it out; the fields here are ${fields.join(", ")}.`;
  return { code: "FIELD_UNKNOWN", path, message: `${formatPath(path)} is not a field.`, fix };
}

function outOfRange(issue: Extract<Issue, { code: "too_small" | "too_big" }>, path: FieldPath, is: string): Problem {
  const custom = !issue.message.startsWith("Too ");
  const limit = issue.code === "too_small" ? issue.minimum : issue.maximum;
  const words = { string: ["character", "characters"], array: ["entry", "entries"] }[issue.origin as string];
  const what = words === undefined ? "" : ` ${words[limit === 1 ? 0 : 1] ?? ""}`;
  const bound =
    issue.code === "too_small"
      ? `${issue.inclusive === true ? "at least" : "more than"} ${issue.minimum}${what}`
      : `at most ${issue.maximum}${what}`;
  return {
    code: "FIELD_RANGE",
    path,
    message: `${is}, which is out of range.`,
    fix: `Write ${custom ? issue.message : bound}.`,
  };
}

/** Of the branches of a union, the one whose author got furthest: the shape fits, something inside is wrong. */
function likeliestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const open = branches
    .flatMap(innerBranches)
    .filter((branch) => branch.every((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys"));
  const scored = open
    .map((branch) => ({ branch, score: missed(branch) }))
    .sort((left, right) => left.score - right.score);
  const [best, second] = scored;
  // Two shapes that fit equally badly: naming all of them says more than guessing one.
  return best === undefined || best.score === second?.score ? undefined : best.branch;
}

/** A choice between choices is a choice between all of them. */
function innerBranches(branch: readonly Issue[]): readonly (readonly Issue[])[] {
  const [only, ...others] = branch;
  const isChoice = only?.code === "invalid_union" && only.path.length === 0 && others.length === 0;
  return isChoice ? only.errors.flatMap(innerBranches) : [branch];
}

/** How far a branch is from what was written: absent and unknown fields weigh more than wrong values, and one that is misspelt is neither. */
function missed(branch: readonly Issue[]): number {
  const lacking = branch.filter(absent).map(({ path }) => String(path.at(-1)));
  const unknown = branch.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : []));
  const misspelt = unknown.flatMap((key) => {
    const meant = closest(key, lacking);
    return meant === undefined ? [] : [editDistance(key, meant)];
  });
  const wrong = branch.filter((issue) => issue.code !== "unrecognized_keys" && !absent(issue)).length;
  const letters = misspelt.reduce((sum, distance) => sum + distance, 0);
  return wrong + letters + misspelt.length + 10 * (unknown.length + lacking.length - 2 * misspelt.length);
}

function absent(issue: Issue): boolean {
  return issue.path.length > 0 && issue.code !== "custom" && issue.input === undefined && !("keys" in issue);
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

/** What a value of a wrong type is not, and what to write. What is expected may say itself how it is written. */
function ofType(issue: Issue, fields: readonly string[]): { not: string; write: string } {
  if (issue.code !== "invalid_type") return { not: "none of the forms that it may have", write: issue.message };
  const { expected, message } = issue;
  const name = typeNames[expected] ?? expected;
  const not = expected === "boolean" ? "neither true nor false" : `not ${name}`;
  if (!message.startsWith("Invalid input")) return { not, write: message };
  return { not, write: plainly(expected, fields) ?? name };
}

function plainly(expected: string, fields: readonly string[]): string | undefined {
  switch (expected) {
    case "string":
      return "text in quotes";
    case "array":
      return "a list, for example [ … ]";
    case "record":
      return "a map of names, for example { NAME: … }";
    case "object":
      return `a map of its fields: ${fields.join(", ")}`;
    default:
      return undefined;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return (
    { string: "text", number: "a number", boolean: "a boolean", object: "a map", function: "a function" }[
      typeof value as string
    ] ?? typeof value
  );
}

/** The value as JSON, cut where it is long. */
function shown(value: unknown): string {
  if (typeof value === "object" || typeof value === "function") return kindOf(value);
  const text = typeof value === "string" ? JSON.stringify(value) : String(value as number | boolean | undefined);
  return text.length > 80 ? `${text.slice(0, 76)}…"` : text;
}

function at(input: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    input,
  );
}
