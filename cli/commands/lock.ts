import { Command } from "commander";
import type { Release } from "../../components/app/release";
import { projectRoot, targets, type Target } from "../clusters";
import { onEach } from "../each";
import { examples } from "../examples";
import type { FactChange } from "../release/facts";
import type { PortChange } from "../release/ports";

interface Options {
  readonly dryRun?: true;
  readonly json?: true;
}

export function lock(): Command {
  return new Command("lock")
    .summary("write down what an environment's clusters are like")
    .description(
      `Writes facts into the release file: for a cluster that exists already what can be seen in it (version, storage, load balancer, zones, engines
that run there), for a cloud cluster what its infrastructure exports. It also writes down which cluster was chosen for apps that run on
one, and gives ports to addresses that have an automatic one. Rendering reads these and nothing else of a cluster, so a pull request can be
previewed without access to any.`,
    )
    .argument("<env>", "environment or stack")
    .option("--dry-run", "show what would change, change nothing")
    .option("--json", "for a machine to read")
    .addHelpText("after", examples("lock prod", "lock prod.datacenter --dry-run"))
    .action(run);
}

async function run(environment: string, options: Options): Promise<void> {
  const { ReleaseStore } = await import("../release/store");
  const { currentFacts, factChanges } = await import("../release/facts");
  const { portChanges, recordPorts } = await import("../release/ports");

  const clusters = targets(environment);
  const stack = clusters[0]?.stack;
  if (stack === undefined) throw new RangeError("an environment has a cluster");
  const json = options.json === true;
  const found = new Map<string, Release["facts"][string]>();
  await onEach(clusters, json, async (target: Target) => {
    const facts = await currentFacts(target);
    if (facts !== undefined) found.set(target.name, facts);
    return {};
  });
  const store = new ReleaseStore(projectRoot, stack);
  let changes: FactChange[] = [];
  let placed: Release["placements"] = {};
  let ports: PortChange[] = [];
  const written = await store.change(`petrichor lock ${environment}`, async (current) => {
    const facts = { ...current.facts, ...Object.fromEntries(found) };
    changes = [...found.keys()].flatMap((name) => factChanges(name, current.facts[name], facts[name]));
    placed = await chosen(stack, { ...current, facts });
    const next = recordPorts(stack, { ...current, facts, placements: { ...current.placements, ...placed } });
    ports = portChanges(current, next);
    return options.dryRun === true ? undefined : next;
  });
  if (json)
    process.stdout.write(
      `${JSON.stringify({ changes, placements: placed, ports, ...(written ? { file: store.file } : {}) }, null, 2)}\n`,
    );
  else process.stdout.write(told({ changes, placed, ports }, written ? store.file : undefined));
}

/** Clusters chosen for apps that the release file doesn't place yet. */
async function chosen(stack: Target["stack"], release: Release): Promise<Release["placements"]> {
  const { loadApps } = await import("../../stacks/project");
  const { placements } = await import("../../stacks/project/placement");
  const { clusters, unrecorded } = placements(loadApps(projectRoot), stack, release);
  return Object.fromEntries(unrecorded.map((app) => [app, [...(clusters[app] ?? [])]]));
}

interface Found {
  readonly changes: readonly FactChange[];
  readonly placed: Release["placements"];
  readonly ports: readonly PortChange[];
}

function told({ changes, placed, ports }: Found, file: string | undefined): string {
  const facts = changes.map(
    ({ cluster, fact, before, after }) => `${cluster}: ${fact} ${text(before)} → ${text(after)}\n`,
  );
  const apps = Object.entries(placed).map(([app, clusters]) => `${app} runs on ${clusters.join(", ")}\n`);
  const given = ports.map(
    ({ app, workload, port, before, after }) =>
      `${app}/${workload}: port ${port} ${before ?? "-"} → ${after ?? "- (rests)"}\n`,
  );
  const ending = file === undefined ? "Nothing was written." : `Wrote ${file}. Look at it and commit it.`;
  return `${facts.join("")}${apps.join("")}${given.join("")}${ending}\n`;
}

function text(value: unknown): string {
  return value === undefined ? "-" : JSON.stringify(value);
}
