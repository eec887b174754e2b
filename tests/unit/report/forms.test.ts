import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ClusterReport } from "../../../cli/report/report";
import { columnsOf, type Topology } from "../../../cli/report/topology";
import { writeReports } from "../../../cli/report/write";

const node = (label: string, isPublic = false): Topology["nodes"][number] => ({
  id: `shop/${label}`,
  app: "shop",
  label,
  kind: "service",
  isPublic,
});
const topology: Topology = {
  nodes: [node("web", true), node("api"), node("db")],
  edges: [
    { from: "shop/web", to: "shop/api" },
    { from: "shop/api", to: "shop/db" },
    { from: "shop/web", to: "shop/db" },
    { from: "shop/db", to: "shop/api" },
  ],
};
const finding = {
  rule: "no-host-path",
  title: "Pods mount no folders of the node",
  subject: "apps/v1/Deployment shop/web",
  message: "volume <data> is the folder / of the node",
  why: "It reaches everything.",
  fix: "Use a persistent volume",
  file: "apps/shop/app.ts",
  line: 7,
} as const;
const exemption = {
  rule: "no-host-path",
  object: "Deployment shop/api",
  reason: "measures the node's disks",
  owner: "team-shop",
  expires: "2027-01-31",
};
const report: ClusterReport = {
  stack: "prod.eu",
  cluster: "eu",
  enforcement: "deny",
  apps: [
    {
      app: "shop",
      owner: "team-shop",
      file: "apps/shop/app.ts",
      change: "changed",
      differences: [
        { aspect: "data", subject: "PersistentVolumeClaim old", before: "5Gi", risk: "the data is deleted" },
        { aspect: "replicas", subject: "Deployment web", before: "1", after: "0 to 9" },
      ],
      addresses: ["https://shop.example.com/"],
      cost: { min: 10, expected: 20, max: 40 },
      costBefore: { min: 10, expected: 10, max: 10 },
    },
    { app: "idle", file: "apps/idle/app.ts", change: "unchanged", differences: [], addresses: [] },
  ],
  platform: ["8 objects of the platform are added"],
  findings: [
    { ...finding, verdict: "refused" },
    { ...finding, subject: "apps/v1/Deployment shop/api", verdict: "exempt", exemption },
  ],
  exemptions: [exemption],
  currency: "EUR",
  budget: 30,
  topology,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "petrichor-report-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function written(name: string): string {
  const file = path.join(folder, name);
  writeReports(file, [report]);
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
  expect(JSON.parse(written("review.json"))).toEqual([report]);
});

test("a file whose name tells no form is refused before anything else is done", () => {
  expect(() => {
    written("review.pdf");
  }).toThrow(expect.objectContaining({ code: "REPORT_FORM_UNKNOWN" }) as Error);
});

test("each workload stands to the right of those that call it, also in a circle", () => {
  const columns = columnsOf(topology).map((column) => column.map(({ label }) => label));
  expect(columns).toHaveLength(3);
  expect(columns[0]).toEqual(["web"]);
  expect(columns.flat().sort()).toEqual(["api", "db", "web"]);
});
