import { readFileSync } from "node:fs";
import path from "node:path";
import { codes } from "../../../components/error-codes";
import { stalePages } from "../../../docs/generate";

const reference = path.join(__dirname, "../../../docs/reference");

test("the reference says what the code does", () => {
  expect(stalePages()).toEqual([]);
});

test("every error code is documented", () => {
  const page = readFileSync(path.join(reference, "errors.md"), "utf8");
  for (const code of Object.keys(codes)) expect(page).toContain(`\`${code}\``);
});

test("every field has a meaning on the reference page", () => {
  const page = readFileSync(path.join(reference, "app.md"), "utf8");
  const unexplained = page.split("\n").filter((line) => /^\| `/.test(line) && line.endsWith("|  |"));
  expect(unexplained).toEqual([]);
});
