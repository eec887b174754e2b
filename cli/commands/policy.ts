import { Command } from "commander";
import { PetrichorError } from "../../components/errors";
import { closest } from "../../components/input/suggest";
import { examples } from "../examples";
import { table } from "../table";

export function policy(): Command {
  const command = new Command("policy")
    .summary("list and explain the rules that objects are judged by, and judge by them")
    .description("The rules by which previews and clusters judge objects.")
    .addHelpText("after", examples("policy list", "policy explain image-by-digest", "policy test prod"));
  command.command("list").description("every rule").option("--json", "for a machine to read").action(list);
  command.command("explain").description("one rule").argument("<rule>", "name of the rule").action(explain);
  command
    .command("test")
    .description("judge the apps of an environment; needs neither engine nor cluster, and reads files only")
    .argument("[env]", "environment or stack", "local")
    .action(test);
  return command;
}

async function test(environment: string): Promise<void> {
  const { projectRoot, targets } = await import("../clusters");
  const { onEach } = await import("../each");
  const { createProgress } = await import("../progress");
  const { requireAllowed } = await import("../policies/judgement");
  const { loadProject } = await import("../../stacks/project");
  const progress = createProgress();
  await onEach(targets(environment), false, async ({ stackName }) => {
    const project = loadProject({ root: projectRoot, stack: stackName });
    await requireAllowed(project, { root: projectRoot, progress, advice: "told" });
    const count = project.apps.reduce((sum, { objects }) => sum + objects.length, 0);
    process.stdout.write(`${stackName}: ${count} objects, none of them refused\n`);
    return {};
  });
}

async function list(options: { readonly json?: true }): Promise<void> {
  const { rules } = await import("../../policies/rules");
  if (options.json === true) {
    const told = rules.map(({ name, topic, scope, level, title }) => ({ name, topic, scope, level, title }));
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    return;
  }
  const rows = rules.map(({ name, topic, level, title }) => [name, topic, level, title]);
  process.stdout.write(`${table([["RULE", "TOPIC", "LEVEL", "TITLE"], ...rows])}\n`);
}

async function explain(name: string): Promise<void> {
  const { rules } = await import("../../policies/rules");
  const rule = rules.find((one) => one.name === name);
  if (rule === undefined) {
    const meant = closest(
      name,
      rules.map((one) => one.name),
    );
    const fix = meant === undefined ? "Take one that `petrichor policy list` has." : `Did you mean "${meant}"?`;
    throw new PetrichorError("RULE_UNKNOWN", `there is no rule "${name}".`, fix);
  }
  const expression = rule.scope === "object" ? `\nExpression: ${rule.expression}` : "";
  process.stdout.write(`${rule.title} (${rule.level}).\n${rule.why}\n\n${rule.remedy}.\n${expression}\n`);
}
