import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(__dirname, "../..");

/** The parts of dependency-cruiser's report that count. */
interface Report {
  readonly modules: readonly object[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
  };
}

const sources = ["index.ts", "apps", "cli", "components", "policies", "stacks", "toolchain"];

/** For every rule an import that breaks it: file and what it imports. */
const mistakes: Readonly<Record<string, readonly [from: string, to: string]>> = {
  "no import leads back to where it came from": ["cli/a.ts", "cli/back-to-a.ts"],
  "components know nothing of who uses them": ["components/input/b.ts", "cli/b.ts"],
  "kube is a leaf": ["components/kube/c.ts", "components/deploy/c.ts"],
  "deploy knows objects only": ["components/deploy/d.ts", "components/app/d.ts"],
  "definitions and models know no engine": ["components/app/model/e.ts", "node_modules/cdk8s/index.js"],
  "objects know no engine": ["components/app/objects/f.ts", "node_modules/@pulumi/pulumi/index.js"],
  "app and platform know the contract of clusters, not the clouds": [
    "components/platform/g.ts",
    "components/cluster/aws/g.ts",
  ],
  "an app knows no engine of the platform": ["components/app/h.ts", "components/platform/h.ts"],
  "rules know types of objects only": ["policies/rules/i.ts", "components/app/i.ts"],
  "the schema of stacks knows definitions only": ["stacks/stack.ts", "components/cluster/aws/vpc.ts"],
  "the composition root knows stacks and components": ["index.ts", "cli/k.ts"],
  "apps know definitions only": ["apps/shop/app.ts", "components/app/l.ts"],
  "the toolchain knows nothing of the product": ["toolchain/m.ts", "components/deploy/m.ts"],
  "stack files are plain data": ["stacks/dev.ts", "components/kube/n.ts"],
};

function cruise(folder: string, ...files: readonly string[]): Report {
  const program = path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const config = path.join(root, ".dependency-cruiser.cjs");
  // It ends with the number of violations; the report has them.
  const script = '"$@" || true';
  const args = ["-c", script, "sh", process.execPath, program, "--config", config, "--output-type", "json", ...files];
  return JSON.parse(execFileSync("sh", args, { cwd: folder, maxBuffer: 256 * 2 ** 20 }).toString()) as Report;
}

/** A project in which every mistake is made once. */
function projectOfMistakes(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "petrichor-imports-"));
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  write("tsconfig.json", "{}");
  for (const [from, to] of Object.values(mistakes)) {
    const module = /^node_modules\/(.*)\/index\.js$/.exec(to)?.[1];
    const relative = path.relative(path.dirname(from), to.replace(/\.ts$/, ""));
    write(to, "export const value = 1;\n");
    write(from, `export * from "${module ?? (relative.startsWith(".") ? relative : `./${relative}`)}";\n`);
  }
  write("cli/back-to-a.ts", 'export * from "./a";\n');
  return folder;
}

describe("imports", () => {
  let report: Report;

  beforeAll(() => {
    report = cruise(root, ...sources);
  }, 120_000);

  test("the whole project was read", () => {
    expect(report.modules.length).toBeGreaterThan(200);
  });

  test("go one way, and never in a circle", () => {
    expect(report.summary.violations.map(({ rule, from, to }) => `${from} → ${to}: ${rule.name}`)).toEqual([]);
  });

  test("that break a rule are found, for every rule", () => {
    const folder = projectOfMistakes();
    try {
      const { violations, ruleSetUsed } = cruise(folder, ...sources).summary;
      expect(Object.keys(mistakes).sort()).toEqual(ruleSetUsed.forbidden.map(({ name }) => name).sort());
      const found = new Set(violations.map(({ rule, from }) => `${rule.name}: ${from}`));
      const missed = Object.entries(mistakes).filter(([name, [from]]) => !found.has(`${name}: ${from}`));
      expect(missed).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});
