import { Command } from "commander";
import { projectRoot, targets } from "../clusters";
import { examples } from "../examples";

export function history(): Command {
  return new Command("history")
    .summary("list what an environment ran, and when")
    .description(
      "Lists the revisions of an environment's release file, newest first, with the workloads whose image each one changed.",
    )
    .argument("<env>", "environment")
    .option("--json", "for a machine to read")
    .addHelpText("after", examples("history prod"))
    .action(run);
}

async function run(environment: string, options: { readonly json?: true }): Promise<void> {
  const { ReleaseStore } = await import("../release/store");
  const { releaseChanges } = await import("../../components/release/changes");
  const { emptyRelease } = await import("../../components/app/release");
  const { isMachinesOwn } = await import("../../stacks/project/release");
  const { table } = await import("../table");

  const stack = targets(environment)[0]?.stack;
  if (stack === undefined) throw new RangeError("an environment has a cluster");
  const store = new ReleaseStore(projectRoot, stack);
  const revisions = await store.history.revisions();
  const releases = await Promise.all(revisions.map(async ({ id }) => store.at(id).catch(() => undefined)));
  const listed = revisions.map((revision, index) => {
    const [after, before] = [releases[index], releases[index + 1] ?? emptyRelease];
    return { ...revision, changes: after === undefined ? [] : releaseChanges(before, after) };
  });
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`);
    return;
  }
  if (listed.length === 0) {
    process.stdout.write(`${environment} has no revision yet: ${beginning(environment, isMachinesOwn(stack))}.\n`);
    return;
  }
  const rows = listed.map(({ id, when, who = "-", what = "-", changes }) => [
    id,
    minuteOf(when),
    who,
    what,
    changes.map(({ app, workload }) => `${app}/${workload}`).join(", "),
  ]);
  process.stdout.write(`${table([["REVISION", "WHEN", "WHO", "WHAT", "IMAGES CHANGED"], ...rows])}\n`);
}

function beginning(environment: string, isOwn: boolean): string {
  return isOwn
    ? `\`petrichor up ${environment}\` makes the first one`
    : `\`petrichor promote FROM ${environment}\` writes its release file, and each commit of that is one`;
}

/** A moment in local time, to the minute, for example `2026-03-01 09:30`. */
export function minuteOf(when: string): string {
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short" }).format(new Date(when));
}
