import { readFileSync } from "node:fs";
import path from "node:path";
import * as ts from "typescript";
import { type Kind, kinds } from "../../components/app/definition/workload";

// `tests/types/kinds.ts` proves by the compiler that a field of another kind is refused. This proves that it leaves none out.

const root = path.resolve(__dirname, "../..");
const file = path.join(root, "tests/types/kinds.ts");

interface Call {
  readonly kind: string;
  /** The one field beside those that every workload of the kind has there; nothing where there is none. */
  readonly field: string | undefined;
  readonly value: string | undefined;
  /** Whether it is marked as one that doesn't compile. */
  readonly refused: boolean;
}

function callsIn(text: string): Call[] {
  return [
    ...text.matchAll(/^(\/\/ @ts-expect-error .+\n)?(\w+)\(\{ image(?:, schedule)?(?:, (\w+): (.+))? \}\);$/gm),
  ].map(([, mark, kind = "", field, value]) => ({ kind, field, value, refused: mark !== undefined }));
}

const names = Object.keys(kinds) as Kind[];
const fieldsOf = (kind: Kind): string[] => Object.keys(kinds[kind].shape).filter((field) => field !== "kind");
const everyField = [...new Set(names.flatMap(fieldsOf))];
const shared = everyField.filter((field) => names.every((kind) => fieldsOf(kind).includes(field)));
const particular = everyField.filter((field) => !shared.includes(field));

const calls = callsIn(readFileSync(file, "utf8"));

test.each(names)(
  "every field that a %s lacks is there, and marked; every field that it has is there, and is not",
  (kind) => {
    const there = calls.filter((call) => call.kind === kind && call.field !== undefined);
    const refused = there.filter((call) => call.refused).map(({ field }) => field);
    const taken = there.filter((call) => !call.refused).map(({ field }) => field);
    const own = fieldsOf(kind).filter((field) => particular.includes(field));
    expect(taken.sort()).toEqual(own.sort());
    expect(refused.sort()).toEqual(particular.filter((field) => !own.includes(field)).sort());
    // Without any of them it compiles, so whatever is refused is refused for its one field.
    expect(calls.filter((call) => call.kind === kind && call.field === undefined)).toEqual([
      { kind, field: undefined, value: undefined, refused: false },
    ]);
  },
);

test("a field has the same value wherever it stands, and some kind takes it", () => {
  for (const field of particular) {
    const there = calls.filter((call) => call.field === field);
    expect([...new Set(there.map(({ value }) => value))]).toHaveLength(1);
    expect(there.some(({ refused }) => !refused)).toBe(true);
  }
  expect(particular.length).toBeGreaterThan(20);
});

test("the compiler reads it", () => {
  const read = ts.readConfigFile(path.join(root, "tsconfig.json"), (name) => ts.sys.readFile(name));
  expect(ts.parseJsonConfigFileContent(read.config, ts.sys, root).fileNames).toContain(file);
});
