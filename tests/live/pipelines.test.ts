import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

// One linter is compiled and the other fetched on the first run.
jest.setTimeout(10 * 60_000);

const root = path.resolve(__dirname, "../..");
const folder = path.join(root, ".github/workflows");
/** The last version that runs on Node 20. */
const gitlabLinter = "gitlab-ci-local@4.61.1";
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

test("the workflows pass actionlint", async () => {
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  // Scripts are checked by the steps themselves, which another test runs; a machine may lack shellcheck.
  const { stdout } = await promisify(execFile)("go", ["run", actionlint, "-no-color", "-shellcheck=", ...files], {
    cwd: tmpdir(),
  });
  expect(stdout).toBe("");
});

test("the GitLab pipelines keep GitLab's schema, and every stage and job they name is there", async () => {
  // The linter leaves a folder where it works.
  const cwd = mkdtempSync(path.join(tmpdir(), "petrichor-gitlab-"));
  copyFileSync(path.join(root, ".gitlab-ci.yml"), path.join(cwd, ".gitlab-ci.yml"));
  const { stdout, stderr } = await promisify(execFile)("npx", ["--yes", gitlabLinter, "--list"], { cwd });
  rmSync(cwd, { recursive: true });
  expect(stderr + stdout).toContain("json schema validated");
  for (const job of ["dev", "staging", "prod"]) expect(stdout).toMatch(new RegExp(`^${job} `, "m"));
});
