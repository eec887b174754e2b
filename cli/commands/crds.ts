import { Command } from "commander";
import { PetrichorError } from "../../components/errors";
import { closest } from "../../components/input/suggest";
import { kubectlFor, projectRoot, target, type Target } from "../clusters";
import type { Definition } from "../definitions/kept";
import { examples } from "../examples";
import { createProgress } from "../progress";

export function crds(): Command {
  const command = new Command("crds")
    .summary("list the CRDs of engines, delete those that were kept")
    .description(
      `The CustomResourceDefinitions that engines brought. Those of an engine that was removed are kept, with every custom resource of their kinds,
until they are named.`,
    )
    .addHelpText("after", examples("crds list", "crds delete keda", "crds delete scaledobjects.keda.sh -s dev"));
  command
    .command("list")
    .description("every definition, how many custom resources it has, and whether an engine uses it")
    .argument("[env]", "environment or stack", "local")
    .option("--json", "for a machine to read")
    .action(list);
  command
    .command("delete")
    .description("delete definitions that no engine uses any more, with everything of their kinds, for good")
    .argument("<engine|crd>", "for example keda or scaledobjects.keda.sh")
    .option("-s, --stack <stack>", "environment or stack", "local")
    .action(remove);
  return command;
}

async function list(environment: string, options: { readonly json?: true }): Promise<void> {
  const { definitionTable } = await import("../definitions/kept");
  const found = await definitionsOf(target(environment));
  if (options.json === true) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else if (found.length === 0) process.stdout.write("No engine has brought a definition here.\n");
  else process.stdout.write(`${definitionTable(found)}\n`);
}

async function remove(name: string, { stack }: { readonly stack: string }): Promise<void> {
  const { deleteDefinitions } = await import("../definitions/delete");
  const where = target(stack);
  const all = await definitionsOf(where);
  const named = all.filter((one) => one.engine === name || one.name === name);
  if (named.length === 0) throw unknown(name, all);
  const used = named.filter(({ state }) => state === "used");
  if (used.length > 0) throw inUse(used, where);
  await deleteDefinitions(await kubectlFor(where), named, createProgress());
}

async function definitionsOf(where: Target): Promise<Definition[]> {
  const { loadProject } = await import("../../stacks/project");
  const { findDefinitions } = await import("../definitions/kept");
  const project = loadProject({ root: projectRoot, stack: where.stackName });
  return findDefinitions(await kubectlFor(where), where, project);
}

function inUse(used: readonly Definition[], { stackName }: Target): PetrichorError {
  const engines = [...new Set(used.map(({ engine }) => `"${engine}"`))].join(", ");
  return new PetrichorError(
    "CRD_IN_USE",
    `the engine ${engines} uses ${used.map((one) => one.name).join(", ")}.`,
    `Take ${engines} out of the engines of the stack, with what needs it, and run \`petrichor up\` first.`,
    { stack: stackName },
  );
}

function unknown(name: string, all: readonly Definition[]): PetrichorError {
  const engines = [...new Set(all.map(({ engine }) => engine))];
  const meant = closest(name, [...engines, ...all.map((one) => one.name)]);
  return new PetrichorError(
    "CRD_UNKNOWN",
    `no engine "${name}" has definitions here, and none is called so.${meant === undefined ? "" : ` Did you mean "${meant}"?`}`,
    engines.length === 0
      ? "There is none here."
      : `Take one of: ${engines.join(", ")}; or a CRD that \`petrichor crds list\` shows.`,
  );
}
