import { Command } from "commander";
import type { Explanation } from "../../components/app/explain/explain";
import type { FieldPath } from "../../components/input/path";
import { projectRoot, targets } from "../clusters";
import { examples } from "../examples";
import type { Setting } from "../explain/text";
import { colorsFor } from "../progress";

interface Options {
  readonly stack: string;
  readonly connections?: true;
  readonly json?: true;
}

export function explain(): Command {
  return new Command("explain")
    .summary("say what a field of an app comes to, and why")
    .description(
      `Says what the fields of an app come to in an environment, and where each value comes from: the app's file, an override of the
stack, the release file, a fact of the cluster, another field, or the table of defaults. It reads files only.`,
    )
    .argument("<what>", "an app, a workload or a field: shop, shop.web, shop.web.scale.min, shop.quota")
    .option("-s, --stack <stack>", "environment or stack", "local")
    .option("--connections", "say instead who reaches whom by which ports, as the rendered network policies have it")
    .option("--json", "for a machine to read")
    .addHelpText(
      "after",
      examples(
        "explain shop",
        "explain shop.web -s prod",
        "explain shop.web.scale.min -s dev",
        "explain shop --connections",
      ),
    )
    .action(run);
}

async function run(what: string, { stack: environment, json, connections }: Options): Promise<void> {
  if (connections === true) {
    const { tellConnections } = await import("../explain/connections");
    tellConnections(what, environment, json === true);
    return;
  }
  const told = await explainOnEach(what, environment);
  const { explanationData, explanationTable, fieldText } = await import("../explain/text");
  if (json === true) {
    const data = told.flatMap(({ explanations, setting }) => explanations.map((one) => explanationData(one, setting)));
    process.stdout.write(`${JSON.stringify(data, null, 2)}\n`);
    return;
  }
  const byText = new Map<string, string[]>();
  for (const { explanations, setting } of told) {
    const text = explanations
      .map((one) => (isPart(one, what) ? fieldText(one, setting) : explanationTable(one, setting)))
      .join("\n");
    byText.set(text, [...(byText.get(text) ?? []), setting.stackName]);
  }
  const { bold } = colorsFor(process.stdout);
  const blocks = [...byText].map(([text, stacks]) => `${bold(`In ${stacks.join(", ")}:`)}\n${text}`);
  process.stdout.write(byText.size === 1 ? [...byText.keys()].join("") : blocks.join("\n"));
}

/** Whether less than a whole workload was asked for. */
function isPart({ app, workload }: Explanation, what: string): boolean {
  return what !== app && what !== `${app}.${workload ?? ""}`;
}

interface Told {
  readonly explanations: readonly Explanation[];
  readonly setting: Setting;
}

/** One explanation a cluster that the app is placed on; its facts may differ. */
async function explainOnEach(what: string, environment: string): Promise<Told[]> {
  const { explain: explainFields } = await import("../../components/app/explain/explain");
  const { readProject, stackInput } = await import("../../stacks/project");
  const { located } = await import("../../stacks/project/located");
  const { lineOf } = await import("../../stacks/project/places");
  const { nameOf } = await import("../../stacks/project/placement");
  const [app = ""] = what.split(".");
  const all = targets(environment).map(({ stackName }) => ({
    stackName,
    project: readProject({ root: projectRoot, stack: stackName }),
  }));
  const holding = all.filter(({ project }) => project.definitions.some((one) => nameOf(one) === app));
  return (holding.length > 0 ? holding : all.slice(0, 1)).map(({ stackName, project }) => {
    const { stack, cluster, definitions, release } = project;
    const explanations = located(projectRoot, () =>
      explainFields(what, { stack: stackInput(stack), definitions, release, facts: cluster.facts }),
    );
    const setting = {
      lineOf: (file: string, path: FieldPath) => lineOf(projectRoot, file, path),
      stackFile: `stacks/${stack.environment}.ts`,
      stackName,
      colors: colorsFor(process.stdout),
    };
    return { explanations, setting };
  });
}
