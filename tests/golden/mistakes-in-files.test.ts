import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PetrichorError } from "../../components/errors";
import { formatPath, parsePath } from "../../components/input/path";
import { located } from "../../stacks/project/located";
import { readWritten } from "../../stacks/project/modules";
import { errorsOf } from "../support/apps";
import { type Case, everyCase, resolveOne, textOf } from "../support/mistakes/cases";
import { asTypeScript, asYaml, type Written } from "../support/mistakes/written";

// The mistakes of `mistakes.test.ts` in files, as a person writes them.

jest.setTimeout(300_000);

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

/** Both front doors give the same answers, each with the line on which the field stands. */
function expectBothDoors({ kind, app }: Case): void {
  const plain = errorsOf(() => {
    resolveOne("apps/shop/app.ts", app);
  });
  for (const [file, written] of [
    ["apps/shop/app.yaml", asYaml(app)],
    ["apps/shop/app.ts", asTypeScript(app)],
  ] as const) {
    const errors = said(file, written, app);
    expect(errors.map(textOf)).toEqual(plain.map(textOf));
    for (const { place } of errors) {
      const field = parsePath(place.field ?? "");
      const line = written.lineOf(kind === undefined ? field : ["workloads", "web", ...field]);
      expect({ field: place.field, file: place.file, line: place.line }).toEqual({ field: place.field, file, line });
    }
  }
}

const doors = new Set<string>();

test.each(everyCase())("every mistake in a field of %s is told of app.yaml and app.ts, with its line", (_, cases) => {
  for (const one of cases) {
    // The kinds share most of their fields; the files of one of them are enough.
    const mistake = `${formatPath(one.path)} ${one.errorClass} ${JSON.stringify(one.value)}`;
    if (!doors.has(mistake)) expectBothDoors(one);
    doors.add(mistake);
  }
  expect(doors.size).toBeGreaterThan(0);
});
