import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const root = path.resolve(__dirname, "../..");

/** What it costs to register the infrastructure of some stacks against mocks, in a process of its own. */
export interface CloudRow {
  readonly stacks: readonly string[];
  readonly resources: number;
  /** Seconds from the start of the process to its end. */
  readonly seconds: number;
  /** Largest resident set, MiB. */
  readonly memory: number;
  /** Time in units of a process that loads the same project and the Pulumi SDK, and registers nothing. */
  readonly ratio: number;
}

/** Registers the clusters of `prod`, each cloud alone and both together, beside a process that only loads the project. */
export async function bench(report: (row: CloudRow) => void = print): Promise<readonly CloudRow[]> {
  const baseline = await registered([]);
  const rows: CloudRow[] = [];
  for (const stacks of [["prod.aws-eu.infra"], ["prod.azure-eu.infra"], ["prod.aws-eu.infra", "prod.azure-eu.infra"]]) {
    const one = await registered(stacks);
    const row = { stacks, ...one, ratio: one.seconds / baseline.seconds };
    report(row);
    rows.push(row);
  }
  return rows;
}

async function registered(stacks: readonly string[]): Promise<{ resources: number; seconds: number; memory: number }> {
  const script = `
    const { record } = require("./tests/support/record");
    const { cloudAnswers, cloudInvoke } = require("./tests/support/clouds");
    const { infrastructure } = require("./stacks/infrastructure");
    void (async () => {
      let resources = 0;
      for (const stack of ${JSON.stringify(stacks)}) {
        const recording = await record(() => infrastructure(process.cwd(), stack), { answers: cloudAnswers, invoke: cloudInvoke });
        resources += recording.resources.length;
      }
      console.log(JSON.stringify({ resources, memory: Math.round(process.resourceUsage().maxRSS / 1024) }));
    })();`;
  const started = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "--eval", script], { cwd: root });
  const seconds = (performance.now() - started) / 1000;
  return { ...(JSON.parse(stdout) as { resources: number; memory: number }), seconds };
}

function print({ stacks, resources, seconds, memory, ratio }: CloudRow): void {
  console.log(
    `${stacks.join(" + ")}: ${resources} resources, ${seconds.toFixed(1)} s (${ratio.toFixed(1)} × loading), ${memory} MiB`,
  );
}

if (require.main === module) void bench();
