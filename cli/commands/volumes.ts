import { Command } from "commander";
import { PetrichorError } from "../../components/errors";
import { closest } from "../../components/input/suggest";
import { kubectlFor, projectRoot, target, type Target } from "../clusters";
import { examples } from "../examples";
import { createProgress } from "../progress";
import { findWorkloads, fullName } from "../workloads/find";

export function volumes(): Command {
  const command = new Command("volumes")
    .summary("list the volumes of apps, delete data that was kept")
    .description(
      "The volumes of apps. Those of an app or workload that was removed are kept, with their data, until they are named.",
    )
    .addHelpText("after", examples("volumes list", "volumes delete shop", "volumes delete shop/queue -s dev"));
  command
    .command("list")
    .description("every volume, and whether anything uses it")
    .argument("[env]", "environment or stack", "local")
    .option("--json", "for a machine to read")
    .action(list);
  command
    .command("delete")
    .description("delete data that nothing uses any more, for good")
    .argument("<app[/workload]>", "for example shop or shop/queue")
    .option("-s, --stack <stack>", "environment or stack", "local")
    .action(remove);
  return command;
}

async function list(environment: string, options: { readonly json?: true }): Promise<void> {
  const { volumeTable } = await import("../volumes/kept");
  const found = await volumesOf(target(environment));
  if (options.json === true) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else if (found.length === 0) process.stdout.write("No app has a volume here.\n");
  else process.stdout.write(`${volumeTable(found)}\n`);
}

async function remove(name: string, { stack }: { readonly stack: string }): Promise<void> {
  const { deleteVolumes } = await import("../volumes/delete");
  const where = target(stack);
  const all = await volumesOf(where);
  const named = all.filter((volume) => volume.app === name || fullName(volume) === name);
  if (named.length === 0) throw unknown(name, all);
  const used = named.filter(({ state }) => state === "used");
  if (used.length > 0) {
    throw new PetrichorError(
      "VOLUME_IN_USE",
      `${used.map((volume) => `${fullName(volume)} uses ${volume.name}`).join("; ")}.`,
      "Take the app or the workload out of the environment and run `petrichor up` first.",
      { stack: where.stackName },
    );
  }
  await deleteVolumes(await kubectlFor(where), named, createProgress());
}

async function volumesOf(where: Target) {
  const { loadProject } = await import("../../stacks/project");
  const { findVolumes } = await import("../volumes/kept");
  const { apps } = loadProject({ root: projectRoot, stack: where.stackName });
  const kubectl = await kubectlFor(where);
  const wanted = apps.flatMap(({ objects }) => objects);
  return findVolumes(kubectl, wanted, await findWorkloads(kubectl));
}

function unknown(name: string, all: readonly { readonly app: string; readonly workload: string }[]): PetrichorError {
  const known = [...new Set(all.flatMap((one) => [one.app, fullName(one)]))];
  const meant = closest(name, known);
  return new PetrichorError(
    "VOLUME_UNKNOWN",
    `no volume belongs to "${name}".${meant === undefined ? "" : ` Did you mean "${meant}"?`}`,
    known.length === 0 ? "There is no volume here." : `Take one of: ${known.join(", ")}.`,
  );
}
