import { Command, CommanderError } from "commander";
import { exitCode } from "../components/errors";
import { commands } from "./commands";
import { printError } from "./failure";
import { interruptedExit, wasInterrupted } from "./interruption";

const description = `Your own serverless platform on Kubernetes, as code.

An ENV is the name of a file in stacks/, for example local. Exit codes: 0 done, 1 a fault in Petrichor,
2 the input is wrong, 3 this machine lacks something, 4 the cluster or the engine failed, 5 a cluster differs (drift), 130 interrupted.`;

/** The exit code for a command line that can't be understood. */
const usageError = 2;

export function createProgram(): Command {
  const program = new Command("petrichor")
    .description(description)
    .configureHelp({ sortSubcommands: false, helpWidth: process.stdout.columns > 0 ? process.stdout.columns : 100 })
    .showHelpAfterError("(see --help)")
    .hook("preAction", loadOnDemand)
    .hook("preAction", (_, command) => {
      takeStackByOption(command);
    })
    .exitOverride();
  for (const [group, members] of Object.entries(commands)) {
    program.commandsGroup(group);
    for (const create of members) program.addCommand(create());
  }
  program.description(oneLine(program.description()));
  for (const command of program.commands) dress(command, program);
  return program;
}

/** Commands about an environment name it by argument; those about an app by option. Both understand the option. */
function takesEnvironment({ registeredArguments: [first] }: Command): boolean {
  return first?.name() === "env" && !first.required;
}

function takeStackByOption(command: Command): void {
  const { stack } = command.opts<{ readonly stack?: string }>();
  if (stack !== undefined && takesEnvironment(command)) command.processedArgs[0] = stack;
}

/** Gives a command and those below it the settings of the one above; its help is wrapped where the terminal ends. */
function dress(command: Command, above: Command): void {
  command.copyInheritedSettings(above).description(oneLine(command.description()));
  if (takesEnvironment(command))
    command.option("-s, --stack <stack>", "the environment or stack, instead of the argument");
  for (const below of command.commands) dress(below, command);
}

/** Paragraphs without the line breaks that they have in the source. */
function oneLine(text: string): string {
  return text.replace(/(?<!\n)\n(?!\n)/g, " ");
}

/** Lets commands import their parts only when they run, TypeScript as it stands: so help and mistakes are answered at once. */
async function loadOnDemand(): Promise<void> {
  await import("tsx");
}

/** Runs one command line and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  endWithReader();
  const program = createProgram();
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : usageError;
      return;
    }
    const json = argv.includes("--json");
    // What an interrupted command failed of is the interruption.
    if (wasInterrupted() && !json) process.stderr.write("interrupted; run the command again to go on\n");
    else printError(error, json);
    process.exitCode = wasInterrupted() ? interruptedExit : exitCode(error);
  }
}

/** A reader that has seen enough (`petrichor render | head`) ends the command; that is no fault. */
function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
}
