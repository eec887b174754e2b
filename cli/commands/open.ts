import { spawn } from "node:child_process";
import { Command } from "commander";
import type { Address } from "../../components/app/app";
import type { SourcedDefinition } from "../../components/app/model/input";
import { PetrichorError } from "../../components/errors";
import { nameOf, workloadNamesOf } from "../../stacks/project/placement";
import { closest } from "../../components/input/suggest";
import { projectRoot, targets, type Target } from "../clusters";
import { examples } from "../examples";

interface Options {
  readonly stack: string;
  readonly print?: true;
}

export function open(): Command {
  return new Command("open")
    .summary("open an app's page in the browser")
    .description("Opens the first address of an app, or of one of its workloads, in the browser of this machine.")
    .argument("<app[/workload]>", "for example shop or shop/web")
    .option("-s, --stack <stack>", "environment or stack", "local")
    .option("--print", "print the address and open nothing")
    .addHelpText("after", examples("open shop", "open shop/web -s dev --print"))
    .action(run);
}

async function run(name: string, options: Options): Promise<void> {
  const { readProject } = await import("../../stacks/project");
  const clusters = targets(options.stack);
  const placed = clusters.flatMap((one) => readProject({ root: projectRoot, stack: one.stackName }).definitions);
  requireNamed(name, placed);
  const url = pageOf(name, await knownAddresses(clusters));
  process.stdout.write(`${url}\n`);
  if (options.print !== true) await openInBrowser(url);
}

/**
 * Makes sure that an environment has an app, or a workload of one, of that name.
 * @throws PetrichorError APP_UNKNOWN
 */
export function requireNamed(name: string, definitions: readonly SourcedDefinition[]): void {
  const known = definitions.flatMap((one) => {
    const app = nameOf(one);
    return [app, ...workloadNamesOf(one).map((workload) => `${app}/${workload}`)];
  });
  if (known.includes(name)) return;
  const meant = closest(name, known);
  throw new PetrichorError(
    "APP_UNKNOWN",
    `no app here is "${name}".${meant === undefined ? "" : ` Did you mean "${meant}"?`}`,
    known.length === 0 ? "No app is placed here." : `Take one of: ${known.join(", ")}.`,
  );
}

async function knownAddresses(clusters: readonly Target[]): Promise<readonly Address[]> {
  const { openStack } = await import("../engine/session");
  const { addressesIn } = await import("../workloads/addresses");
  const found = await Promise.all(
    clusters.map(async ({ stackName, stack }) =>
      addressesIn(await (await openStack(projectRoot, stackName, stack)).outputs()),
    ),
  );
  return found.flat();
}

/**
 * The first address under which an app or a workload answers a browser.
 * @throws PetrichorError APP_UNKNOWN
 */
export function pageOf(name: string, addresses: readonly Address[]): string {
  const pages = addresses.filter(({ url = "" }) => /^https?:/.test(url));
  const page = pages.find(({ app, workload }) => name === app || name === `${app}/${workload}`);
  if (page?.url !== undefined) return page.url;
  const known = [...new Set(pages.flatMap(({ app, workload }) => [app, `${app}/${workload}`]))];
  const meant = closest(name, known);
  throw new PetrichorError(
    "APP_UNKNOWN",
    `"${name}" has no page.${meant === undefined ? "" : ` Did you mean "${meant}"?`}`,
    known.length === 0
      ? 'Write `expose: [{ host: "auto" }]` and run `petrichor up`.'
      : `Take one of: ${known.join(", ")}.`,
  );
}

/** What opens an address on each system; elsewhere the printed address has to do. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  linux: ["xdg-open"],
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

async function openInBrowser(url: string): Promise<void> {
  const [program, ...args] = openers[process.platform] ?? [];
  if (program === undefined) return;
  await new Promise<void>((resolve, reject) => {
    const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
    child.on("spawn", () => {
      child.unref();
      resolve();
    });
    child.on("error", (cause) => {
      const message = `${program}, which opens pages, can't be started.`;
      reject(new PetrichorError("MACHINE_UNSUITABLE", message, "Open the printed address yourself.", {}, { cause }));
    });
  });
}
