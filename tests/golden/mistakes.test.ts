import path from "node:path";
import { kinds } from "../../components/app/definition/workload";
import type { ErrorCode } from "../../components/error-codes";
import { type FieldPath, formatPath, parsePath } from "../../components/input/path";
import { errorsOf } from "../support/apps";
import { type Case, everyCase, resolveOne, textOf } from "../support/mistakes/cases";
import type { ErrorClass } from "../support/mistakes/cells";
import { expectGolden } from "../support/golden";
import { mistakeTable, type Row } from "../support/mistakes/table";

// Every field of the schema with every mistake that can be made in it. What each is answered with stands in `mistakes/fields.txt`, where `_`
// is the field that the answer is about. What fields say together is the matter of tests/unit/app.

jest.setTimeout(300_000);

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

/** Whether one of two fields is around the other, or both are the same. */
function related(left: FieldPath, right: FieldPath): boolean {
  return left.slice(0, right.length).every((part, index) => part === right[index]);
}

interface Judged {
  readonly row: Row;
  /** What is said, where it is not one clear answer. */
  readonly wrong: readonly string[];
}

function judge(one: Case): Judged {
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
  const answer = error === undefined ? "" : textOf(error).replace(error.place.field ?? "", "_");
  const row = { field, kind: one.kind ?? "app", errorClass: one.errorClass, value: one.value, answer };
  return { row, wrong: isRight ? [] : [`${field} ${one.errorClass}`, ...errors.map(String)] };
}

test("every mistake in every field is refused with its code, and answered as it was", () => {
  const judged = everyCase().flatMap(([, cases]) => cases.map(judge));
  expect(judged.map(({ wrong }) => wrong).filter((wrong) => wrong.length > 0)).toEqual([]);
  expect(judged.length).toBeGreaterThan(5000);
  const rows = judged.map(({ row }) => row);
  expectGolden(path.join(__dirname, "mistakes/fields.txt"), mistakeTable(rows, Object.keys(kinds).length));
});
