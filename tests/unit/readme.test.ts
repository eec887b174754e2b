import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { commands } from "../../cli/commands";

const root = path.resolve(__dirname, "../..");
const readme = readFileSync(path.join(root, "README.md"), "utf8");
const known = Object.values(commands).flatMap((group) => group.map((create) => create().name()));

test("every command that the README names exists", () => {
  const named = [...readme.matchAll(/npx petrichor ([a-z]+)/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !known.includes(name ?? ""))).toEqual([]);
});

test("every npm script that the README names exists", () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { scripts: object };
  const named = [...readme.matchAll(/npm (?:run )?(up|test|bench|down|docs|render)\b/g)].map(([, name]) => name ?? "");
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
});

test("every page that the README links to is there", () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link]) => link ?? "");
  expect(links.filter((link) => !existsSync(path.join(root, link)))).toEqual([]);
});

test("the app in the README is the example app, but for its probe", () => {
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const example = readFileSync(path.join(root, "apps/hello/app.ts"), "utf8");
  const [heading = ""] = code.split("\n");
  expect(example).toContain(heading);
  expect(example).toContain('source: folder("./src")');
});
