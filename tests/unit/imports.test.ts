import { execFileSync } from "node:child_process";
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

describe("imports", () => {
  let report: Report;

  beforeAll(() => {
    const program = path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
    const args = [program, "--config", ".dependency-cruiser.cjs", "--output-type", "json", ...sources];
    const output = execFileSync(process.execPath, args, {
      cwd: root,
      maxBuffer: 256 * 2 ** 20,
    });
    report = JSON.parse(output.toString()) as Report;
  }, 120_000);

  test("the whole project was read, by rules", () => {
    expect(report.modules.length).toBeGreaterThan(200);
    expect(report.summary.ruleSetUsed.forbidden.length).toBeGreaterThan(5);
  });

  test("go one way, and never in a circle", () => {
    expect(report.summary.violations.map(({ rule, from, to }) => `${from} → ${to}: ${rule.name}`)).toEqual([]);
  });
});
