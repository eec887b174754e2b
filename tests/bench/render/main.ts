import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { resolveApps } from "../../../components/app/model/resolve";
import { emptyRelease } from "../../../components/app/release";
import { appObjects } from "../../../components/app/objects/app";
import { facts } from "../../support/apps";
import { definitions } from "./definitions";

/** What one process says when it ends. Seconds are of its own clock, without its start. */
export interface Rendered {
  readonly objects: number;
  readonly resolve: number;
  readonly render: number;
  readonly write: number;
  /** Largest resident set, MiB. */
  readonly memory: number;
}

/** Resolves and renders `count` apps that this process has never seen, and writes each app's objects as YAML into a folder. */
function main(count: number, folder: string): Rendered {
  const began = performance.now();
  const stack = { environment: "dev", domain: "dev.example.com" };
  const models = resolveApps({ definitions: definitions(count), stack, release: emptyRelease });
  const resolved = performance.now();
  const apps = models.map((model) => ({ name: model.name, objects: appObjects(model, facts) }));
  const rendered = performance.now();
  mkdirSync(folder, { recursive: true });
  for (const { name, objects } of apps) {
    const texts = objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }));
    writeFileSync(path.join(folder, `${name}.yaml`), texts.join("---\n"));
  }
  const written = performance.now();
  return {
    objects: apps.reduce((sum, { objects }) => sum + objects.length, 0),
    resolve: (resolved - began) / 1000,
    render: (rendered - resolved) / 1000,
    write: (written - rendered) / 1000,
    memory: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

const [count, folder] = process.argv.slice(2);
if (count === undefined || folder === undefined) throw new Error("say how many apps, and the folder for their objects");
process.stdout.write(JSON.stringify(main(Number(count), folder)));
