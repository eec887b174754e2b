import { Command } from "commander";
import { projectRoot } from "../clusters";
import { examples } from "../examples";
import { createProgress } from "../progress";

interface Options {
  readonly app?: string[];
  readonly dryRun?: true;
  readonly json?: true;
}

export function promote(): Command {
  return new Command("promote")
    .summary("let an environment run what another one proved")
    .description(
      `Moves image digests from one environment's release to the next. It checks that the first environment runs them and is well, and that the
second one renders with them; it copies the images by digest where the registries differ, and writes the second one's release file for
review. Nothing is built, and no tag is looked at.`,
    )
    .argument("<from>", "environment that runs them")
    .argument("<to>", "environment that gets them")
    .option("--app <name...>", "only these apps")
    .option("--dry-run", "show what would change, change nothing")
    .option("--json", "for a machine to read")
    .addHelpText("after", examples("promote dev staging", "promote staging prod --app shop --dry-run"))
    .action(run);
}

async function run(from: string, to: string, options: Options): Promise<void> {
  const { promoteRelease } = await import("../release/promote");
  const { changesTable } = await import("../release/told");
  const { app: apps, dryRun = false } = options;
  const progress = createProgress();
  const result = await promoteRelease({
    root: projectRoot,
    from,
    to,
    dryRun,
    progress,
    ...(apps === undefined ? {} : { apps }),
  });
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  if (result.changes.length === 0) process.stdout.write(`${to} has everything of ${from} already.\n`);
  else process.stdout.write(`${changesTable(result.changes)}\n\n${ending(to, dryRun, result.file)}\n`);
}

function ending(to: string, dryRun: boolean, file: string | undefined): string {
  if (dryRun || file === undefined) return "Nothing was changed.";
  return `Wrote ${file}. Look at it, commit it, then run \`petrichor up ${to}\`.`;
}
