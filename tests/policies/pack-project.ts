import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import type { RuleSettings } from "../../policies/rule";
import { PolicyPack } from "../support/policy-pack";
import { copyOfProject } from "../support/project";

/** Copies of the project whose stacks have the settings that a test wants: the pack reads them where it always does, in files. */
export class PackProject {
  readonly #folders = new Map<string, string>();
  #stacks = 0;

  /** Starts the pack for a stack with these settings, in a cluster that has everything else by default. */
  async start({ prices, domains, ...settings }: RuleSettings): Promise<PolicyPack> {
    const folder = this.#folder(prices);
    const environment = `judged${++this.#stacks}`;
    const [domain, ...others] = domains;
    const stack = {
      environment,
      clusters: { it: { kind: "embedded" } },
      domain,
      apps: [],
      policy: { ...settings, domains: others },
    };
    writeFileSync(
      path.join(folder, `stacks/${environment}.ts`),
      `import { defineStack } from "./stack";\n\nexport default defineStack(${JSON.stringify(stack)});\n`,
    );
    return PolicyPack.start(folder, environment);
  }

  delete(): void {
    for (const folder of this.#folders.values()) rmSync(folder, { recursive: true, force: true });
  }

  /** One price file is all that a project has, so each list of prices has a project of its own. */
  #folder(prices: RuleSettings["prices"]): string {
    const key = JSON.stringify(prices ?? {});
    const known = this.#folders.get(key);
    if (known !== undefined) return known;
    const folder = copyOfProject(["apps", "releases"]);
    this.#folders.set(key, folder);
    const file = path.join(folder, "stacks/prices.yaml");
    if (prices === undefined) {
      rmSync(file);
    } else {
      const { currency, expectedLoad, ...all } = prices;
      writeFileSync(file, stringify({ currency, expectedLoad, default: all }));
    }
    return folder;
  }
}
