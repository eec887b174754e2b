import { Command, Option } from "commander";
import pc from "picocolors";
import { exitCode } from "../components/errors";
import { ensureTools } from "./build";
import { cleanCache } from "./cache";
import { findTools } from "./locate";
import { lineReporter } from "./report";
import { filesOf, toolNames, type ToolName } from "./tools";

async function build(names: ToolName[], options: { jobs?: number }): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = (): void => {
    interrupted.abort();
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const chosen = names.length === 0 ? toolNames : names;
  try {
    await ensureTools(chosen, { ...options, report: lineReporter(), signal: interrupted.signal });
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    console.error("interrupted; what was finished stays");
    process.exitCode = 130;
  }
}

async function list(options: { json?: true }): Promise<void> {
  const all = [...(await findTools())];
  if (options.json) {
    const plain = all.map(([tool, state]) => ({
      tool,
      ...state,
      ...("paths" in state && { paths: Object.fromEntries(state.paths) }),
    }));
    console.log(JSON.stringify(plain, undefined, 2));
    return;
  }
  for (const [name, state] of all) {
    const where = state.state === "missing" ? "" : state.paths.get(filesOf(name)[0] ?? ("" as never));
    console.log(`${state.state.padEnd(10)}${name.padEnd(30)}${where ?? ""}`.trimEnd());
  }
}

async function clean(): Promise<void> {
  const current = [...(await findTools()).values()].flatMap((state) => ("folder" in state ? [state.folder] : []));
  const removed = await cleanCache(new Set(current));
  for (const { folder, bytes } of removed) console.log(`removed ${folder} (${Math.ceil(bytes / 2 ** 20)} MiB)`);
  if (removed.length === 0) console.log("nothing outdated");
}

const program = new Command("toolchain").description("Builds what the platform runs on a machine without internet.");
program
  .command("build", { isDefault: true })
  .description("build what is missing")
  .addArgument(program.createArgument("[tools...]", "default: all").choices(toolNames))
  .addOption(new Option("--jobs <number>", "builds side by side").argParser(Number))
  .action(build);
program
  .command("list")
  .description("show what is built or installed")
  .option("--json", "for a machine to read")
  .action(list);
program.command("clean").description("remove outdated builds that no process runs from").action(clean);

program.parseAsync().catch((error: unknown) => {
  console.error(pc.red(String(error)));
  process.exitCode = exitCode(error);
});
