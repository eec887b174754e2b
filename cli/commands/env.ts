import { Command } from "commander";
import { kubeconfigOf, target } from "../clusters";
import { examples } from "../examples";

export function env(): Command {
  return new Command("env")
    .summary("print what plain pulumi and kubectl need in your own shell")
    .description(
      "Prints variables for your shell, so that plain `pulumi` and `kubectl` work on a stack: backend, passphrase file, plugins, kubeconfig.",
    )
    .argument("[env]", "environment or stack", "local")
    .option("--json", "for a machine to read")
    .addHelpText(
      "after",
      `\nExamples:\n  $ eval "$(npx petrichor env)"\n  $ pulumi preview\n${examples("env dev --json").replace("\nExamples:\n", "")}`,
    )
    .action(run);
}

async function run(environment: string, options: { readonly json?: true }): Promise<void> {
  const { personsEnvironment } = await import("../engine/session");
  const { stack, stackName, cluster } = target(environment);
  const kubeconfig = kubeconfigOf({ stackName, cluster });
  const variables = {
    ...(await personsEnvironment(stackName, stack)),
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
  };
  process.stdout.write(options.json === true ? `${JSON.stringify(variables, null, 2)}\n` : exports(variables));
}

/** The variables as commands of a POSIX shell. */
export function exports(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join("");
}

function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
