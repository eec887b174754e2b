import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { clearDeadLocks, isDead, type Lock } from "../../../cli/engine/locks";

const taken = new Date("2026-01-01T12:00:00Z");
const lock: Lock = { file: "lock.json", pid: 7, hostname: "here", timestamp: taken };

test.each<[string, Lock, Date | undefined, boolean]>([
  ["no process has its id", lock, undefined, true],
  ["the process is older than the lock", lock, new Date("2026-01-01T11:59:00Z"), false],
  ["its id was given to a younger process", lock, new Date("2026-01-01T12:10:00Z"), true],
  ["it was taken on another machine", { ...lock, hostname: "elsewhere" }, undefined, false],
])("a lock whose fate is: %s", (_, one, started, dead) => {
  expect(isDead(one, { hostname: "here", started: () => started })).toBe(dead);
});

test("of two locks on this machine, that of a process that has ended is taken away, that of a living one stays", async () => {
  const backend = mkdtempSync(path.join(tmpdir(), "petrichor-locks-"));
  try {
    const folder = path.join(backend, ".pulumi/locks/organization/petrichor/local");
    mkdirSync(folder, { recursive: true });
    const ended = spawn("true");
    await new Promise((resolve) => ended.on("close", resolve));
    const file = (name: string, pid: number | undefined): string => {
      const target = path.join(folder, `${name}.json`);
      writeFileSync(target, JSON.stringify({ pid, hostname: hostname(), username: "me", timestamp: new Date() }));
      return target;
    };
    const dead = file("dead", ended.pid);
    const alive = file("alive", process.pid);
    const { cleared, held } = clearDeadLocks(backend, "local");
    expect(cleared.map((one) => one.file)).toEqual([dead]);
    expect(held.map((one) => one.file)).toEqual([alive]);
    expect([existsSync(dead), existsSync(alive)]).toEqual([false, true]);
  } finally {
    rmSync(backend, { recursive: true });
  }
});
