import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { entryFolder, logFile } from "../../../toolchain/cache";
import { makeEntry, readRecord } from "../../../toolchain/entry";
import { buildFailure } from "../../../toolchain/failure";
import { makeGoTool, type MakeOptions } from "../../../toolchain/go";
import type { GoTool } from "../../../toolchain/kinds";
import { temporaryFolder, write } from "./folders";

const tool: GoTool = {
  kind: "go",
  purpose: "a test",
  version: "1.0.0",
  packages: ["."],
  programs: ["fake"],
  links: ["alias"],
  stamps: { "main.version": "v1.2.3" },
  seconds: 1,
  size: 1,
};
const goMod = "module petrichor/fake\n\ngo 1.26.0\n";
const good = `package main

import "os"

var version = "unknown"

func main() { os.Stdout.WriteString(os.Args[0] + " " + version + "\\n") }
`;

const root = temporaryFolder();
const newModule = (main: string): string =>
  write(join(root, `module-${String(Math.random())}`), { "go.mod": goMod, "main.go": main });
const place = (key: string) => ({ tool: "fake", key, folder: entryFolder("fake", key) });
const build =
  (folder: string, options: Partial<MakeOptions> = {}) =>
  (entry: { target: string; log: string }) =>
    makeGoTool(tool, folder, { onProgress: () => undefined, ...entry, ...options });
const entries = (): string[] => readdirSync(join(root, "cache/tools/fake"));

beforeAll(() => {
  process.env["PETRICHOR_CACHE"] = join(root, "cache");
});
afterAll(() => {
  delete process.env["PETRICHOR_CACHE"];
});

it("builds a program that runs under each of its names and knows its version", async () => {
  const record = await makeEntry(place("good"), build(newModule(good)));
  const bin = join(place("good").folder, "bin");
  expect(execFileSync(join(bin, "fake"), { encoding: "utf8" })).toBe(`${bin}/fake v1.2.3\n`);
  expect(execFileSync(join(bin, "alias"), { encoding: "utf8" })).toBe(`${bin}/alias v1.2.3\n`);
  expect(record.bytes).toBeGreaterThan(100_000);
  expect(await readRecord(place("good").folder)).toEqual(record);
});

it("builds the same bytes from the same source in another folder", async () => {
  await Promise.all([
    makeEntry({ ...place("one"), tool: "one" }, build(newModule(good))),
    makeEntry(place("two"), build(newModule(good))),
  ]);
  const [one, two] = ["one", "two"].map((key) => readFileSync(join(place(key).folder, "bin/fake")));
  expect(one?.equals(two ?? Buffer.alloc(0))).toBe(true);
});

it("leaves nothing of a build that fails, and tells its last lines and where the log is", async () => {
  const failure = await makeEntry(
    place("broken"),
    build(newModule("package main\n\nfunc main() { missing() }\n")),
  ).catch((error: unknown) => buildFailure("cni", error));
  expect(failure).toMatchObject({
    code: "TOOL_BUILD_FAILED",
    message: expect.stringContaining("undefined: missing") as string,
  });
  expect(existsSync(place("broken").folder)).toBe(false);
  expect(entries().filter((entry) => entry.startsWith(".partial"))).toEqual([]);
  expect(readFileSync(logFile("fake"), "utf8")).toContain("undefined: missing");
});

it("leaves nothing of a build that is interrupted", async () => {
  const stop = new AbortController();
  const interrupted = makeEntry(place("interrupted"), (entry) => {
    setTimeout(() => {
      stop.abort();
    }, 20);
    return build(newModule(good + "// not in Go's cache\n"), { signal: stop.signal })(entry);
  });
  await expect(interrupted).rejects.toThrow("abort");
  expect(existsSync(place("interrupted").folder)).toBe(false);
  expect(entries().filter((entry) => entry.startsWith(".partial"))).toEqual([]);
});

it("clears what a killed build left, but not what a running one makes", async () => {
  const left = spawn("sleep", ["60"]);
  const running = spawn("sleep", ["60"]);
  const tools = join(root, "cache/tools/fake");
  for (const { pid } of [left, running]) write(tools, { [`.partial-${String(pid)}/bin/fake`]: "half" });
  left.kill("SIGKILL");
  await once(left, "exit");

  await makeEntry(place("after"), build(newModule(good)));
  expect(entries()).not.toContain(`.partial-${String(left.pid)}`);
  expect(entries()).toContain(`.partial-${String(running.pid)}`);
  running.kill("SIGKILL");
  await once(running, "exit");
});
