import { Command } from "commander";
import { examples } from "../examples";

export function schema(): Command {
  return new Command("schema")
    .summary("print the JSON Schema of app.yaml, for editors")
    .description(
      "Prints the JSON Schema of `app.yaml`. Editors that know YAML schemas complete and check fields with it.",
    )
    .addHelpText("after", examples("schema > app.schema.json"))
    .action(async () => {
      const { appJsonSchema } = await import("../../components/app/definition/json-schema");
      process.stdout.write(`${JSON.stringify(appJsonSchema(), null, 2)}\n`);
    });
}
