import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AnyTool } from "../../../toolchain/kinds";
import { moduleFolder, requirementsOf } from "../../../toolchain/locate";
import { filesOf, makerOf, toolNames, tools } from "../../../toolchain/tools";

const all = Object.entries<AnyTool>(tools);
const goTools = all.flatMap(([name, tool]) => (tool.kind === "go" ? [[name, tool] as const] : []));

it("names every file once", () => {
  const files = toolNames.flatMap(filesOf);
  expect(files).toEqual([...new Set(files)]);
  for (const file of files) expect(filesOf(makerOf(file))).toContain(file);
});

it.each(goTools)("%s has a module with sums, and a program for each package", (name, tool) => {
  const module = moduleFolder(name as keyof typeof tools);
  expect(existsSync(join(module, "go.sum"))).toBe(true);
  const goMod = readFileSync(join(module, "go.mod"), "utf8");
  expect(goMod).toMatch(new RegExp(`^module \\S+/toolchain/${tool.module ?? name}$`, "m"));
  expect(tool.programs).toHaveLength(tool.packages.length);
  if (tool.packages[0] === ".") expect(tool.programs).toEqual([name]);
});

it.each(goTools.filter(([, tool]) => tool.packages.some((path) => path.includes("."))))(
  "%s is pinned in go.mod to the version that it is stamped with",
  (name, tool) => {
    const goMod = readFileSync(join(moduleFolder(name as keyof typeof tools), "go.mod"), "utf8");
    for (const stamp of Object.values(tool.stamps ?? {}).filter((value) => value.startsWith("v"))) {
      expect(goMod).toContain(` ${stamp}`);
    }
  },
);

it("makes images of programs that there are", () => {
  for (const [name, tool] of all) {
    if (tool.kind !== "image") continue;
    const requirements = requirementsOf(name as keyof typeof tools);
    expect(requirements).toContain("images");
    for (const [maker, program] of Object.values(tool.files)) {
      expect(requirements).toContain(maker);
      expect(filesOf(maker as keyof typeof tools)).toContain(program);
    }
  }
});
