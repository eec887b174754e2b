import { Command } from "commander";
import { projectRoot } from "../clusters";
import { examples } from "../examples";
import type { Made } from "../init/create";
import { colorsFor } from "../progress";

interface Options {
  readonly kind: string;
  readonly language: string;
  readonly image?: string;
  readonly format: string;
  readonly json?: true;
}

export function init(): Command {
  return new Command("init")
    .summary("make a new app that works")
    .description(
      "Makes a new app in a folder of apps/: what describes it, and source to begin with. It overwrites nothing.",
    )
    .argument("<folder>", "name of the app, and of its folder in apps/")
    .option("--kind <kind>", "what it is: service, stateful, worker, daemon, job or cron", "service")
    .option("--language <language>", "what its source is written in: go", "go")
    .option("--image <reference>", "run this image instead; no source is made")
    .option("--format <format>", "how it is described: ts or yaml", "ts")
    .option("--json", "for a machine to read")
    .addHelpText(
      "after",
      examples("init guestbook", "init mailer --kind worker --format yaml", "init cache --kind stateful --image IMAGE"),
    )
    .action(run);
}

async function run(folder: string, options: Options): Promise<void> {
  const { createApp } = await import("../init/create");
  const made = createApp(projectRoot, { folder, ...options });
  const text = options.json === true ? `${JSON.stringify(made, null, 2)}\n` : told(made);
  process.stdout.write(text);
}

function told({ app: { name, image }, files }: Made): string {
  const { bold, dim } = colorsFor(process.stdout);
  const steps = [
    [`petrichor explain ${name}`, "what every field comes to"],
    ...(image === undefined || image.includes("@sha256:")
      ? []
      : [["petrichor lock local", "what the image's tag is today"]]),
    ["petrichor up local", image === undefined ? "build it and run it on this machine" : "run it on this machine"],
    [`petrichor logs ${name}`, "what it says"],
  ];
  const width = Math.max(...steps.map(([command = ""]) => command.length));
  const lines = steps.map(([command = "", why = ""]) => `  ${command.padEnd(width)}  ${dim(why)}`);
  return `Made ${bold(`apps/${name}`)}:\n${files.map((file) => `  ${file}`).join("\n")}\n\nNext:\n${lines.join("\n")}\n`;
}
