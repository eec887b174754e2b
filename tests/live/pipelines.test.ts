import { execFile } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";

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

describe("the note that GitLab's preview writes on a merge request", () => {
  const { preview } = parse(readFileSync(path.join(root, ".gitlab-ci.yml"), "utf8")) as {
    preview: { after_script: readonly string[] };
  };
  const asked: { method: string; url: string; headers: IncomingHttpHeaders; body: string }[] = [];
  // Stands in for GitLab: it proves what is sent, and not what GitLab makes of it.
  const gitlab = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (more: string) => (body += more));
    request.once("end", () => {
      asked.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
      response.writeHead(201).end("{}");
    });
  });
  let cwd: string;
  beforeAll(async () => {
    await once(gitlab.listen(0, "127.0.0.1"), "listening");
    cwd = mkdtempSync(path.join(tmpdir(), "petrichor-note-"));
    writeFileSync(path.join(cwd, "preview-dev.txt"), "+ apps/v1/Deployment shop/web\n");
  });
  afterAll(() => {
    gitlab.close();
    rmSync(cwd, { recursive: true });
  });

  async function written(token: string): Promise<string> {
    const env = {
      ...process.env,
      STACK: "dev",
      PREVIEW_NOTES_TOKEN: token,
      CI_API_V4_URL: `http://127.0.0.1:${(gitlab.address() as AddressInfo).port}/api/v4`,
      CI_PROJECT_ID: "7",
      CI_MERGE_REQUEST_IID: "12",
    };
    const { stdout } = await promisify(execFile)("bash", ["-c", preview.after_script.join("\n")], { cwd, env });
    return stdout;
  }

  test("holds the report, and every object where somebody unfolds it", async () => {
    writeFileSync(path.join(cwd, "preview-dev.md"), "## dev\n\nimage & replicas = 3\n");
    await written("token-for-tests");
    const [note] = asked;
    expect(Object.fromEntries(new URLSearchParams(note?.body))).toEqual({
      body: [
        "## dev\n\nimage & replicas = 3\n",
        "<details><summary>Every object</summary>\n\n```\n+ apps/v1/Deployment shop/web\n```\n\n</details>\n",
      ].join("\n"),
    });
    expect(asked.splice(0)).toEqual([
      expect.objectContaining({
        method: "POST",
        url: "/api/v4/projects/7/merge_requests/12/notes",
        headers: expect.objectContaining({ "private-token": "token-for-tests" }) as object,
      }),
    ]);
  });

  test("is not written without a token, and the job says so", async () => {
    expect(await written("")).toContain("PREVIEW_NOTES_TOKEN is not set");
    expect(asked).toEqual([]);
  });
});
