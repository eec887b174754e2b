import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { appSchema } from "../../components/app/definition/app";
import { type Kind, kinds } from "../../components/app/definition/workload";
import { resolveApps } from "../../components/app/model/resolve";
import { emptyRelease } from "../../components/app/release";
import type { ErrorCode } from "../../components/error-codes";
import type { PetrichorError } from "../../components/errors";
import { type FieldPath, formatPath, parsePath } from "../../components/input/path";
import { located } from "../../stacks/project/located";
import { readWritten } from "../../stacks/project/modules";
import { errorsOf, image } from "../support/apps";
import { expectGolden } from "../support/golden";
import { type Cell, cellsOf, type ErrorClass } from "../support/mistakes/cells";
import { schemaOf } from "../support/mistakes/schema";
import { mistakeTable, type Row } from "../support/mistakes/table";
import { asTypeScript, asYaml, type Written } from "../support/mistakes/written";

// Every field of the schema with every mistake that can be made in it. What each is answered with stands in `mistakes/fields.txt`, where `_`
// is the field that the answer is about. What fields say together is the matter of tests/unit/app.

jest.setTimeout(300_000);

interface Case extends Cell {
  /** Nothing for the app's own fields. */
  readonly kind?: Kind;
  readonly app: object;
}

function casesOf(kind: Kind): Case[] {
  const needed = { kind, image, ...(kind === "cron" ? { schedule: "0 6 * * *" } : {}) };
  return cellsOf(schemaOf(kinds[kind]), [], (fields) => ({ ...needed, ...(fields as object) }))
    .filter(({ path: field }) => field.length > 0)
    .map((cell) => ({ ...cell, kind, app: { name: "shop", workloads: { web: without(cell) } } }));
}

function ownCases(): Case[] {
  const { workloads: _, ...properties } = schemaOf(appSchema).properties ?? {};
  const needed = { name: "shop", workloads: { web: { kind: "worker", image } } };
  return cellsOf({ type: "object", properties, required: ["name"] }, [], (fields) => ({
    ...needed,
    ...(fields as object),
  }))
    .filter(({ path: field }) => field.length > 0)
    .map((cell) => ({ ...cell, app: without(cell) }));
}

/** What is needed is there by itself, but where it is left out on purpose. */
function without({ errorClass, whole, path: field }: Cell): object {
  if (errorClass !== "missing" || field.length > 1) return whole as object;
  return Object.fromEntries(Object.entries(whole as object).filter(([name]) => name !== field[0]));
}

/** What a mistake of a class may be called. Where several forms are possible, the answer may be that what is there has none of them. */
const codes: Readonly<Record<ErrorClass, readonly ErrorCode[]>> = {
  type: ["FIELD_TYPE", "FIELD_UNIT", "FIELD_VALUE"],
  range: ["FIELD_RANGE", "FIELD_TYPE", "FIELD_FORMAT"],
  whole: ["FIELD_TYPE"],
  form: ["FIELD_FORMAT", "FIELD_TYPE"],
  unit: ["FIELD_UNIT", "FIELD_TYPE"],
  choice: ["FIELD_VALUE", "FIELD_TYPE"],
  misspelt: ["FIELD_UNKNOWN"],
  unknown: ["FIELD_UNKNOWN"],
  name: ["FIELD_NAME", "FIELD_UNKNOWN"],
  missing: ["FIELD_MISSING", "FIELD_TYPE"],
};

const root = mkdtempSync(path.join(tmpdir(), "petrichor-mistakes-"));
beforeAll(() => {
  mkdirSync(path.join(root, "apps/shop"), { recursive: true });
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** What is said of an app that stands in a file of the project. */
function said(file: string, { text }: Written, app: object): readonly PetrichorError[] {
  writeFileSync(path.join(root, file), text);
  return errorsOf(() => {
    located(root, () => {
      // Loading thousands of modules would take minutes; what they export is the same.
      resolveOne(file, file.endsWith(".ts") ? app : readWritten(root, file, "APP_FILE_BROKEN"));
    });
  });
}

function resolveOne(file: string, definition: unknown): void {
  const stack = { environment: "dev", domain: "dev.example.com" };
  resolveApps({ definitions: [{ file, definition }], stack, release: emptyRelease });
}

const textOf = ({ code, message, fix }: PetrichorError): string => `${code} ${message} ${fix}`;

/** Both front doors give the same answers, each with the line on which the field stands. */
function expectBothDoors({ kind, app }: Case, answers: readonly string[]): void {
  for (const [file, written] of [
    ["apps/shop/app.yaml", asYaml(app)],
    ["apps/shop/app.ts", asTypeScript(app)],
  ] as const) {
    const errors = said(file, written, app);
    expect(errors.map(textOf)).toEqual(answers);
    for (const { place } of errors) {
      const field = parsePath(place.field ?? "");
      const line = written.lineOf(kind === undefined ? field : ["workloads", "web", ...field]);
      expect({ field: place.field, file: place.file, line: place.line }).toEqual({ field: place.field, file, line });
    }
  }
}

/** Whether one of two fields is around the other, or both are the same. */
function related(left: FieldPath, right: FieldPath): boolean {
  return left.slice(0, right.length).every((part, index) => part === right[index]);
}

const rows: Row[] = [];
const doors = new Set<string>();

test.each<[what: string, cases: readonly Case[]]>([
  ["an app", ownCases()],
  ...(Object.keys(kinds) as Kind[]).map((kind): [string, Case[]] => [`a ${kind}`, casesOf(kind)]),
])("every mistake in a field of %s is refused with its code, in app.yaml and app.ts, with its line", (_, cases) => {
  const wrong: unknown[] = [];
  for (const one of cases) {
    const field = formatPath(one.path);
    const errors = errorsOf(() => {
      resolveOne("apps/shop/app.ts", one.app);
    });
    const [error] = errors;
    const isRight =
      errors.length === 1 &&
      error !== undefined &&
      codes[one.errorClass].includes(error.code) &&
      related(one.path, parsePath(error.place.field ?? "")) &&
      !/undefined|\[object|Invalid|NaN/.test(textOf(error));
    if (!isRight) wrong.push({ field, errorClass: one.errorClass, value: one.value, said: errors.map(String) });
    // The kinds share most of their fields; the files of one of them are enough.
    const mistake = `${field} ${one.errorClass} ${JSON.stringify(one.value)}`;
    if (!doors.has(mistake)) expectBothDoors(one, errors.map(textOf));
    doors.add(mistake);
    const answer = error === undefined ? "" : textOf(error).replace(error.place.field ?? "", "_");
    rows.push({ field, kind: one.kind ?? "app", errorClass: one.errorClass, value: one.value, answer });
  }
  expect(wrong).toEqual([]);
});

test("what each mistake is answered with", () => {
  expect(rows.length).toBeGreaterThan(5000);
  expectGolden(path.join(__dirname, "mistakes/fields.txt"), mistakeTable(rows, Object.keys(kinds).length));
});
