import { Command } from "commander";
import { PetrichorError } from "../../components/errors";
import { projectRoot, targets } from "../clusters";
import { examples } from "../examples";

interface Options {
  readonly to?: string;
  readonly app?: string[];
  readonly dryRun?: true;
  readonly json?: true;
}

export function rollback(): Command {
  return new Command("rollback")
    .summary("let an environment run what it ran before")
    .description(
      `Takes image digests back to what a former revision of the release file says: the newest one that differs, or the one that --to names
(see \`petrichor history\`). Nothing is built: the very images that ran before run again. Ports, placements and facts stay.`,
    )
    .argument("<env>", "environment")
    .option("--to <revision>", "revision to go back to")
    .option("--app <name...>", "only these apps")
    .option("--dry-run", "show what would change, change nothing")
    .option("--json", "for a machine to read")
    .addHelpText("after", examples("rollback prod", "rollback prod --app shop", "rollback prod --to 3f2a91c"))
    .action(run);
}

async function run(environment: string, options: Options): Promise<void> {
  const { ReleaseStore } = await import("../release/store");
  const { changesTable } = await import("../release/told");
  const { planRollback } = await import("../../components/release/rollback");
  const { loadProject } = await import("../../stacks/project");

  const clusters = targets(environment);
  const stack = clusters[0]?.stack;
  if (stack === undefined) throw new RangeError("an environment has a cluster");
  const store = new ReleaseStore(projectRoot, stack);
  const wanted = options.app === undefined ? {} : { apps: options.app };
  let told: { changes: readonly object[]; kept: readonly string[]; revision: string } | undefined;
  await store.change(`petrichor rollback ${environment}`, async (current) => {
    const differs = (former: typeof current): boolean =>
      planRollback({ current, former, ...wanted }).changes.length > 0;
    const found =
      options.to === undefined
        ? await store.formerImages(differs)
        : { revision: { id: options.to }, release: await store.at(options.to) };
    if (found === undefined) throw nothingBefore(environment);
    const plan = planRollback({ current, former: found.release, ...wanted });
    for (const { stackName } of clusters) loadProject({ root: projectRoot, stack: stackName, release: plan.release });
    told = { changes: plan.changes, kept: plan.kept, revision: found.revision.id };
    if (options.json !== true) {
      const kept = plan.kept.length === 0 ? "" : `\nUnknown then, so left as they are: ${plan.kept.join(", ")}.\n`;
      process.stdout.write(`Back to revision ${found.revision.id}:\n${changesTable(plan.changes)}\n${kept}\n`);
    }
    return options.dryRun === true ? undefined : plan.release;
  });
  if (options.json === true) process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  else if (options.dryRun === true) process.stdout.write("Nothing was changed.\n");
  else process.stdout.write(`Wrote ${store.file}. Look at it, then run \`petrichor up ${environment} --frozen\`.\n`);
}

function nothingBefore(environment: string): PetrichorError {
  return new PetrichorError(
    "REVISION_UNKNOWN",
    "no former revision of the release file names other images.",
    `\`petrichor history ${environment}\` lists all there are.`,
    { stack: environment },
  );
}
