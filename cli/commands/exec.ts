import { Command } from "commander";
import { kubectlFor, target } from "../clusters";
import { examples } from "../examples";
import { selectWorkloads } from "../workloads/find";
import { PetrichorError } from "../../components/errors";

export function exec(): Command {
  return new Command("exec")
    .summary("run a command in a container of a workload")
    .description("Runs a command in a running container of a workload, on this terminal.")
    .argument("<app/workload>", "for example shop/web")
    .argument("<command...>", "the command and its arguments, behind --")
    .option("-s, --stack <stack>", "environment or stack", "local")
    .addHelpText("after", examples("exec shop/api -- /ko-app/api migrate --to 2", "exec orders/web -s dev -- sh"))
    .action(run);
}

async function run(name: string, command: readonly string[], options: { readonly stack: string }): Promise<void> {
  const kubectl = await kubectlFor(target(options.stack));
  const found = await selectWorkloads(kubectl, name);
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) {
    const names = found.map(({ app, workload }) => `${app}/${workload}`).join(", ");
    throw new PetrichorError("APP_UNKNOWN", `"${name}" is several workloads.`, `Take one of: ${names}.`);
  }
  const terminal = process.stdin.isTTY && process.stdout.isTTY ? ["--tty"] : [];
  process.exitCode = await kubectl.interactive(
    "exec",
    ...["--namespace", only.namespace, "--stdin", ...terminal, only.object, "--", ...command],
  );
}
