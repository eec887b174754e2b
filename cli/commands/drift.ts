import { Command } from "commander";
import type { FieldDrift } from "../../components/drift/drift";
import { kubectlFor, projectRoot, targets, type Target } from "../clusters";
import { onEach } from "../each";
import { examples } from "../examples";
import type { ObjectDrift } from "../release/drift";

/** The exit code when a cluster differs: no mistake and no failure, but a pipeline wants to know. */
const differs = 5;

export function drift(): Command {
  return new Command("drift")
    .summary("name what was changed by hand, and by whom")
    .description(
      `Compares every object of an environment with what its files say and names each field that somebody else changed, with who did it and when
as the API server recorded it. It changes nothing; \`petrichor up --refresh\` puts changed fields right. Exit code 5: something differs.`,
    )
    .argument("[env]", "environment or stack", "local")
    .option("--json", "for a machine to read")
    .addHelpText("after", examples("drift prod", "drift prod.aws-eu --json"))
    .action(run);
}

async function run(environment: string, options: { readonly json?: true }): Promise<void> {
  const json = options.json === true;
  const found: ObjectDrift[] = [];
  const outcomes = await onEach(targets(environment), json, async (target) => {
    const objects = await driftOf(target);
    found.push(...objects);
    if (!json) process.stdout.write(told(target.stackName, objects));
    return { objects };
  });
  if (json) process.stdout.write(`${JSON.stringify(outcomes, null, 2)}\n`);
  if (found.length > 0) process.exitCode ??= differs;
}

async function driftOf(target: Target): Promise<ObjectDrift[]> {
  const { loadProject } = await import("../../stacks/project");
  const { clusterDrift } = await import("../release/drift");
  const { apps } = loadProject({ root: projectRoot, stack: target.stackName });
  return clusterDrift(
    await kubectlFor(target),
    apps.flatMap(({ objects }) => objects),
  );
}

function told(stack: string, objects: readonly ObjectDrift[]): string {
  if (objects.length === 0) return `${stack}: everything is as its files say\n`;
  const lines = objects.flatMap(({ object, state, fields }) =>
    state === "changed" ? fields.map((field) => `  ${object}: ${fieldTold(field)}`) : [`  ${object}: ${state}`],
  );
  return `${stack}: ${objects.length} ${objects.length === 1 ? "object differs" : "objects differ"}\n${lines.join("\n")}\n`;
}

function fieldTold({ path, is, shouldBe, owner, lastChangedBy }: FieldDrift): string {
  const values =
    is === undefined && shouldBe === undefined ? "differs" : `is ${value(is)}, should be ${value(shouldBe)}`;
  const who =
    owner === undefined
      ? lastChangedBy === undefined
        ? "nobody knows by whom"
        : `object last changed by ${person(lastChangedBy)}`
      : `by ${person(owner)}`;
  return `${path} ${values} (${who})`;
}

function person({ manager, time, subresource }: NonNullable<FieldDrift["owner"]>): string {
  return [
    manager,
    ...(subresource === undefined ? [] : [`through ${subresource}`]),
    ...(time === undefined ? [] : [`at ${time}`]),
  ].join(" ");
}

function value(of: unknown): string {
  return of === undefined ? "absent" : JSON.stringify(of);
}
