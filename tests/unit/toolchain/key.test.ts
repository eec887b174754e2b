import { isOlder, goKey, requireGo, type Machine } from "../../../toolchain/key";
import type { GoTool } from "../../../toolchain/kinds";
import { temporaryFolder, write } from "./folders";

const tool: GoTool = {
  kind: "go",
  purpose: "a test",
  version: "1.0.0",
  packages: ["."],
  programs: ["fake"],
  seconds: 1,
  size: 1,
};
const machine: Machine = {
  go: "go1.26.0",
  os: "linux",
  architecture: "amd64",
  toolchain: "auto",
  buildCache: "/cache",
};
const files = {
  "go.mod": "module fake\n",
  "go.sum": "",
  "main.go": "package main\n",
  "inner/inner.go": "package inner\n",
};

describe("the key of a Go tool", () => {
  const root = temporaryFolder();
  let count = 0;
  const keyOf = (changed: Record<string, string> = {}, options: Partial<GoTool> = {}, on: Partial<Machine> = {}) =>
    goKey({ ...tool, ...options }, write(`${root}/${String(count++)}`, { ...files, ...changed }), {
      ...machine,
      ...on,
    });

  it.each<[string, Parameters<typeof keyOf>]>([
    ["go.mod", [{ "go.mod": "module fake\n\ngo 1.26.0\n" }]],
    ["go.sum", [{ "go.sum": "example.com/x v1.0.0 h1:x\n" }]],
    ["a source", [{ "main.go": "package main \n" }]],
    ["a source in a folder", [{ "inner/inner.go": "package inner // changed\n" }]],
    ["a new source", [{ "other.go": "package main\n" }]],
    ["Go's version", [{}, {}, { go: "go1.26.1" }]],
    ["the architecture", [{}, {}, { architecture: "arm64" }]],
    ["a stamp", [{}, { stamps: { "main.version": "v2" } }]],
    ["the build tags", [{}, { tags: ["no_zfs"] }]],
    ["the programs' names", [{}, { links: ["other"] }]],
  ])("changes with %s", async (_, change) => {
    expect(await keyOf(...change)).not.toBe(await keyOf());
  });

  it.each<[string, Parameters<typeof keyOf>]>([
    ["where the module lies", []],
    ["a test beside the sources", [{ "main_test.go": "package main\n" }]],
    ["data of tests", [{ "inner/testdata/x.txt": "x" }]],
    ["the words about the tool", [{}, { purpose: "something else", seconds: 99, size: 99 }]],
    ["where Go keeps its cache", [{}, {}, { buildCache: "/elsewhere", toolchain: "local" }]],
  ])("does not change with %s", async (_, change) => {
    expect(await keyOf(...change)).toBe(await keyOf());
  });

  it("tells files apart whose texts join to the same", async () => {
    expect(await keyOf({ "a.go": "xy", "b.go": "z" })).not.toBe(await keyOf({ "a.go": "x", "b.go": "yz" }));
  });
});

describe("Go's version", () => {
  it.each([
    ["go1.26.8", "auto", "go 1.26.0"],
    ["go1.26.0", "auto", "go 1.26.6"],
    ["go1.26", "local", "go 1.26"],
    ["devel go1.28-abc", "local", "go 1.26.0"],
  ])("%s with GOTOOLCHAIN=%s builds a module that says %s", (go, toolchain, line) => {
    expect(() => {
      requireGo(`module x\n\n${line}\n`, { go, toolchain });
    }).not.toThrow();
  });

  it.each([
    ["go1.20.14", "auto", "go 1.26.0"],
    ["go1.26.0", "local", "go 1.26.6"],
    ["go1.25.3", "path", "go 1.26.0"],
  ])("%s with GOTOOLCHAIN=%s does not build one that says %s", (go, toolchain, line) => {
    expect(() => {
      requireGo(`module x\n\n${line}\n`, { go, toolchain });
    }).toThrow(`${line.slice(3)} or newer is needed`);
  });
});

it.each([
  ["1.1.5", "1.1.0", false],
  ["1.0.9", "1.1.0", true],
  ["1.10", "1.9", false],
  ["1.1", "1.1.0", false],
  ["1", "1.0.1", true],
])("%s is older than %s: %s", (version, than, older) => {
  expect(isOlder(version, than)).toBe(older);
});
