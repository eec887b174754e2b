import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, cleanCache, diskFull, entryFolder, requireSpace, sizeOf } from "../../../toolchain/cache";
import { CommandError } from "../../../toolchain/command";
import { buildFailure } from "../../../toolchain/failure";
import { temporaryFolder, write } from "./folders";

const root = temporaryFolder();
beforeAll(() => {
  process.env["PETRICHOR_CACHE"] = root;
});
afterAll(() => {
  delete process.env["PETRICHOR_CACHE"];
});

it("lies where PETRICHOR_CACHE says", () => {
  expect(cacheFolder()).toBe(root);
});

it("cleans outdated entries, not current ones and not those a process runs from", async () => {
  const [current, outdated, running] = ["current", "outdated", "running"].map((key) =>
    write(entryFolder("fake", key), { "bin/fake": "1234567890" }),
  ) as [string, string, string];
  copyFileSync("/bin/sleep", join(running, "bin/sleep"));
  chmodSync(join(running, "bin/sleep"), 0o755);
  const process = spawn(join(running, "bin/sleep"), ["60"]);
  await once(process, "spawn");

  expect(await cleanCache(new Set([current]))).toEqual([{ folder: outdated, bytes: 10 }]);
  expect([current, outdated, running].map((folder) => existsSync(folder))).toEqual([true, false, true]);

  process.kill("SIGKILL");
  await once(process, "exit");
  expect((await cleanCache(new Set([current]))).map(({ folder }) => folder)).toEqual([running]);
});

it("counts the bytes of files, not of links", async () => {
  expect(await sizeOf(write(join(root, "sizes"), { a: "12345", "b/c": "12" }))).toBe(7);
});

describe("a full disk", () => {
  it("is told before the work starts, with what is needed and what to do", async () => {
    await expect(requireSpace(root, 2 ** 60, "Building everything")).rejects.toMatchObject({
      code: "DISK_FULL",
      message: expect.stringMatching(/Building everything needs 1073741824\.0 GiB in .* GiB are free/) as string,
      fix: expect.stringContaining("PETRICHOR_CACHE") as string,
    });
    await expect(requireSpace(root, 1, "Building nothing")).resolves.toBeUndefined();
  });

  it("is recognised while a file is written", () => {
    expect(diskFull(Object.assign(new Error("write"), { code: "ENOSPC" }), root)?.code).toBe("DISK_FULL");
    expect(diskFull(Object.assign(new Error("open"), { code: "EACCES" }), root)).toBeUndefined();
  });

  it("is recognised in what the compiler printed", () => {
    const printed = new CommandError(
      "go",
      ["write /tmp/go-build1/x.o: no space left on device"],
      "ended with exit code 1",
    );
    expect(buildFailure("cni", printed)).toMatchObject({
      code: "DISK_FULL",
      message: expect.stringContaining("/tmp/go-build1/x.o") as string,
    });
  });
});

it("tells a network that fails from a source that does not compile", () => {
  const printed = new CommandError("go", ["dial tcp 192.0.2.1:443: connection refused"], "ended with exit code 1");
  expect(buildFailure("cni", printed).fix).toContain("GOPROXY");
  expect(buildFailure("cni", new CommandError("go", ["undefined: x"], "ended with exit code 1")).fix).not.toContain(
    "GOPROXY",
  );
});
