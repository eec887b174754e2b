import { Command } from "commander";
import { projectRoot, targets } from "../clusters";
import { examples } from "../examples";

export function render(): Command {
  return new Command("render")
    .summary("print the Kubernetes objects of an environment as YAML")
    .description(
      "Prints the Kubernetes objects that an environment comes to, as YAML. Needs neither engine nor cluster, and reads files only.",
    )
    .argument("[env]", "environment or stack", "local")
    .option("--app <name>", "only this app")
    .option("--json", "as a List in JSON, for a machine to read")
    .addHelpText("after", examples("render", "render dev --app shop", "render local | kubectl diff -f -"))
    .action(run);
}

async function run(environment: string, options: { readonly app?: string; readonly json?: true }): Promise<void> {
  const { loadProject, requireApp } = await import("../../stacks/project");
  const { stringify } = await import("yaml");
  const objects = targets(environment).flatMap(({ stackName }) => {
    const project = loadProject({ root: projectRoot, stack: stackName });
    const apps = options.app === undefined ? project.apps : [requireApp(project, options.app)];
    return apps.flatMap((app) => app.objects);
  });
  const text =
    options.json === true
      ? `${JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, null, 2)}\n`
      : objects.map((object) => `---\n${stringify(object, { lineWidth: 0 })}`).join("");
  process.stdout.write(text);
}
