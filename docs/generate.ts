import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { appJsonSchema } from "../components/app/definition/json-schema";
import { appPage } from "./pages/app-page";
import { errorPage } from "./pages/error-page";
import { policyPage } from "./pages/policy-page";

/** Every page that is made from code, by its path in `docs/reference`. */
export const pages: Readonly<Record<string, () => string>> = {
  "app.md": appPage,
  "app.schema.json": () => `${JSON.stringify(appJsonSchema(), null, 2)}\n`,
  "errors.md": errorPage,
  "policies.md": policyPage,
};

const folder = path.join(__dirname, "reference");

/** The pages whose file says something else than the code does. */
export function stalePages(): string[] {
  return Object.entries(pages).flatMap(([name, page]) => {
    const file = path.join(folder, name);
    return existsSync(file) && readFileSync(file, "utf8") === page() ? [] : [name];
  });
}

/** `tsx docs/generate.ts` writes the pages; with `--check` it only says which are stale, and fails. */
function main(check: boolean): void {
  const stale = stalePages();
  if (check) {
    for (const name of stale) process.stderr.write(`docs/reference/${name} is stale: run \`npm run docs\`\n`);
    process.exitCode = stale.length === 0 ? 0 : 1;
    return;
  }
  mkdirSync(folder, { recursive: true });
  for (const name of stale) {
    writeFileSync(path.join(folder, name), pages[name]?.() ?? "");
    process.stdout.write(`wrote docs/reference/${name}\n`);
  }
}

if (require.main === module) main(process.argv.includes("--check"));
