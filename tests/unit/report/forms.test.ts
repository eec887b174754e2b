import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { columnsOf } from "../../../cli/report/topology";
import { writeReports } from "../../../cli/report/write";
import { sampleReport } from "../../support/sample-report";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "petrichor-report-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function written(name: string): string {
  const file = path.join(folder, name);
  writeReports(file, [sampleReport]);
  return readFileSync(file, "utf8");
}

test("Markdown tells what a reviewer must know, the verdict first", () => {
  const text = written("review.md");
  expect(text).toMatch(/^### 🛑 prod\.eu: 1 rule would refuse it\n/);
  expect(text).toContain("data: PersistentVolumeClaim old: 5Gi — **the data is deleted**");
  expect(text).toContain("replicas: Deployment web: 1 → 0 to 9");
  expect(text).toContain("| 🛑 | no-host-path | apps/shop/app.ts:7 |");
  expect(text).toContain("&lt;data>");
  expect(text).toContain("| no-host-path | Deployment shop/api | measures the node's disks | team-shop | 2027-01-31 |");
  expect(text).toContain("**20 EUR** expected (10 EUR before), from 10 to 40 EUR; the budget is 30 EUR.");
  expect(text).toContain("- shop: https://shop.example.com/");
  expect(text).not.toContain("idle");
});

test("the page stands alone: no script, nothing from elsewhere, every text escaped", () => {
  const page = written("review.html");
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(page).not.toMatch(/<script|<link|<img|@import|url\(http|src=|href=/i);
  expect(page).toContain("&lt;data&gt;");
  expect(page).toContain("prefers-color-scheme:dark");
  expect(page.match(/<g class="node/g)).toHaveLength(3);
  expect(page.match(/<path class="link"/g)).toHaveLength(4);
  expect(page).toContain("<code>apps/shop/app.ts:7</code>");
});

test("SARIF names rule, file and line, and marks what has leave", () => {
  const { version, runs } = JSON.parse(written("review.sarif")) as {
    version: string;
    runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[] }[];
  };
  expect(version).toBe("2.1.0");
  expect(runs[0]?.tool.driver.rules.map(({ id }) => id)).toEqual(["no-host-path"]);
  expect(runs[0]?.results).toEqual([
    expect.objectContaining({
      ruleId: "no-host-path",
      level: "error",
      locations: [{ physicalLocation: { artifactLocation: { uri: "apps/shop/app.ts" }, region: { startLine: 7 } } }],
    }),
    expect.objectContaining({
      level: "note",
      suppressions: [{ kind: "external", justification: "measures the node's disks (team-shop)" }],
    }),
  ]);
});

test("JSON holds it all", () => {
  expect(JSON.parse(written("review.json"))).toEqual([sampleReport]);
});

test("a file whose name tells no form is refused before anything else is done", () => {
  expect(() => {
    written("review.pdf");
  }).toThrow(expect.objectContaining({ code: "REPORT_FORM_UNKNOWN" }) as Error);
});

test("each workload stands to the right of those that call it, also in a circle", () => {
  const columns = columnsOf(sampleReport.topology).map((column) => column.map(({ label }) => label));
  expect(columns).toHaveLength(3);
  expect(columns[0]).toEqual(["web"]);
  expect(columns.flat().sort()).toEqual(["api", "db", "web"]);
});
