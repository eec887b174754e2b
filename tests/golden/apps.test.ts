import { readdirSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { connections } from "../../components/connectivity/connections";
import { connectionsText } from "../../components/connectivity/text";
import type { KubeObject } from "../../components/kube/object";
import { appFiles } from "../../stacks/project/files";
import { expectGolden } from "../support/golden";
import { renderedOnStacks } from "../support/stacks";

const goldens = path.join(__dirname, "apps");

describe("the apps of the project", () => {
  const rendered = renderedOnStacks();
  const cases = rendered.map((one) => ({ app: one.model.name, ...one }));

  test("are all rendered somewhere", () => {
    const names = appFiles(path.resolve(__dirname, "../..")).map((file) => path.basename(path.dirname(file)));
    expect([...new Set(cases.map(({ app }) => app))].sort()).toEqual([...new Set(names)].sort());
  });

  test.each(cases)("$app in $stack", ({ app, stack, objects }) => {
    expectGolden(path.join(goldens, app, `${stack}.yaml`), yamlOf(objects));
  });

  test.each(cases)("who reaches whom of $app in $stack", ({ app, stack }) => {
    const together = rendered.filter((one) => one.stack === stack).flatMap(({ objects }) => objects);
    const text = connectionsText(connections(together), ({ name }) => name.startsWith(`${app}/`));
    expectGolden(path.join(goldens, app, `${stack}.connections.txt`), text);
  });

  test("have no golden file that nothing makes", () => {
    const made = cases.flatMap(({ app, stack }) => [`${app}/${stack}.yaml`, `${app}/${stack}.connections.txt`]);
    const folders = readdirSync(goldens, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const files = folders.flatMap(({ name }) => readdirSync(path.join(goldens, name)).map((file) => `${name}/${file}`));
    expect(files.sort()).toEqual(made.sort());
  });
});

function yamlOf(objects: readonly KubeObject[]): string {
  return objects
    .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("---\n");
}
