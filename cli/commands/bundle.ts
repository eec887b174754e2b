import { Command } from "commander";
import type { BundleContents } from "../bundle/contents";
import { projectRoot, targets, type Target } from "../clusters";
import { examples } from "../examples";
import { createProgress } from "../progress";

interface Options {
  readonly stack: string;
  readonly output?: string;
  readonly json?: true;
}

export function bundle(): Command {
  return new Command("bundle")
    .summary("list every image and manifest that an environment needs")
    .description(
      `Lists every image that an environment runs, with its digest, and the manifests of its engines, with the module of pinned version
that each is rendered from: what has to be brought to a place without internet. Renders manifests that this machine lacks.`,
    )
    .option("-s, --stack <stack>", "environment or stack", "local")
    .option("-o, --output <folder>", "also write the list, and every object as YAML, into a folder")
    .option("--json", "for a machine to read")
    .addHelpText("after", examples("bundle -s prod", "bundle -s prod.aws-eu -o bundle", "bundle -s prod --json"))
    .action(run);
}

async function run(options: Options): Promise<void> {
  const contents: BundleContents[] = [];
  for (const target of targets(options.stack)) contents.push(await bundleOne(target, options.output));
  if (options.json === true) process.stdout.write(`${JSON.stringify(contents, null, 2)}\n`);
  else process.stdout.write((await Promise.all(contents.map(told))).join("\n"));
}

async function bundleOne({ stack, stackName }: Target, output: string | undefined): Promise<BundleContents> {
  const { ensureManifests } = await import("../../toolchain/manifests");
  const { enginesNamed } = await import("../../components/platform/installed");
  const { loadProject } = await import("../../stacks/project");
  const { contentsOf, partsOf, writeBundle } = await import("../bundle/contents");
  const { reportBuilds } = await import("../engine/tools");
  const sources = enginesNamed(stack.engines).flatMap(({ upstream }) => upstream);
  await ensureManifests(sources, { report: reportBuilds(createProgress()) });
  const project = loadProject({ root: projectRoot, stack: stackName });
  const contents = contentsOf(stackName, project);
  if (output !== undefined) writeBundle(output, contents, partsOf(project));
  return contents;
}

async function told({ stack, images, manifests }: BundleContents): Promise<string> {
  const { table } = await import("../table");
  const imageRows = images.map(({ image, usedBy }) => [image, usedBy.join(" ")]);
  const manifestRows = manifests.map(({ engine, module, version, sha256, objects }) => [
    engine,
    `${module}@${version}`,
    String(objects),
    sha256.slice(0, 12),
  ]);
  const tables = [
    table([["IMAGE", "USED BY"], ...imageRows]),
    ...(manifestRows.length === 0 ? [] : [table([["ENGINE", "MODULE", "OBJECTS", "SHA-256"], ...manifestRows])]),
  ];
  return `${stack}: ${images.length} images, ${manifests.length} manifests\n\n${tables.join("\n\n")}\n`;
}
