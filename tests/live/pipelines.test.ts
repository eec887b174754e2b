import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

// The linter is compiled on its first run.
jest.setTimeout(10 * 60_000);

const folder = path.resolve(__dirname, "../../.github/workflows");
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

test("the workflows pass actionlint", async () => {
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  // Scripts are checked by the steps themselves, which another test runs; a machine may lack shellcheck.
  const { stdout } = await promisify(execFile)("go", ["run", actionlint, "-no-color", "-shellcheck=", ...files], {
    cwd: tmpdir(),
  });
  expect(stdout).toBe("");
});
