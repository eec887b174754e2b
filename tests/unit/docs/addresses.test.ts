import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { resolve } from "../../support/apps";

const guide = readFileSync(path.join(__dirname, "../../../docs/guide/addresses.md"), "utf8");
const examples = [...guide.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = ""]) => parse(text) as object);

test.each(examples.map((example, index) => [index + 1, example] as const))("example %i of the guide", (_, example) => {
  const next = { kind: "service", image: (example as { image: string }).image, port: 8080 };
  const [app] = resolve([{ name: "shop", workloads: { web: example, next } }]);
  const web = app?.workloads.find(({ name }) => name === "web");
  expect(web !== undefined && "expose" in web && web.expose.length).toBeGreaterThan(0);
});

test("the guide has examples", () => {
  expect(examples).toHaveLength(4);
});
