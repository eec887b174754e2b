import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { history, minuteOf } from "../../../cli/commands/history";

let text: string;
let home: string;
const before = process.env.PETRICHOR_HOME;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "petrichor-history-"));
  process.env.PETRICHOR_HOME = home;
  text = "";
  jest.spyOn(process.stdout, "write").mockImplementation((written) => {
    text += String(written);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(home, { recursive: true });
  if (before === undefined) delete process.env.PETRICHOR_HOME;
  else process.env.PETRICHOR_HOME = before;
});

test("a moment is told in local time, to the minute", () => {
  const local = new Date(2026, 2, 1, 9, 30, 59, 123);
  expect(minuteOf(local.toISOString())).toBe("2026-03-01 09:30");
});

test("an environment that ran nothing yet says so, and how it begins", async () => {
  await history().parseAsync(["local"], { from: "user" });
  expect(text).toBe("local has no revision yet: `petrichor up local` makes the first one.\n");
});

test("for a machine it is an empty list", async () => {
  await history().parseAsync(["local", "--json"], { from: "user" });
  expect(JSON.parse(text)).toEqual([]);
});
