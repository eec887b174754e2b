import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { openStack } from "../../../cli/engine/session";
import { loadStack } from "../../../stacks/project";

const root = path.resolve(__dirname, "../../..");

test("a stack that a living process works on is locked, and its lock stays", async () => {
  const before = process.env.PETRICHOR_HOME;
  const home = mkdtempSync(path.join(tmpdir(), "petrichor-locked-"));
  process.env.PETRICHOR_HOME = home;
  try {
    const locks = path.join(home, "pulumi/.pulumi/locks/organization/petrichor/local");
    mkdirSync(locks, { recursive: true });
    // As the engine's file backend writes it; this test is the process that holds it.
    const timestamp = new Date().toISOString();
    writeFileSync(
      path.join(locks, "held.json"),
      JSON.stringify({ pid: process.pid, username: "me", hostname: hostname(), timestamp }),
    );
    for (let time = 1; time <= 2; time++) {
      await expect(openStack(root, "local", loadStack(root, "local"))).rejects.toMatchObject({
        code: "STACK_LOCKED",
        message: `process ${process.pid} on ${hostname()} has been working on the stack since ${timestamp}.`,
        place: { stack: "local" },
      });
    }
  } finally {
    if (before === undefined) delete process.env.PETRICHOR_HOME;
    else process.env.PETRICHOR_HOME = before;
    rmSync(home, { recursive: true });
  }
});
