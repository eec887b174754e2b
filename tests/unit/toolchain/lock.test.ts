import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { withLock } from "../../../toolchain/lock";

const root = join(__dirname, "../../..");
const unique = (): string => `test-${process.pid}-${Math.random()}`;

/** Another process that holds the lock until it is ended. */
async function holder(name: string): Promise<ChildProcess> {
  const script = `const { withLock } = require("./toolchain/lock.ts");
    withLock(process.argv[1], () => { console.log("held"); return new Promise((done) => setTimeout(done, 60_000)); });`;
  const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", script, name], { cwd: root });
  await once(child.stdout, "data");
  return child;
}

it("lets one action run at a time, in whichever order", async () => {
  const name = unique();
  let inside = 0;
  const most: number[] = [];
  const action = async (): Promise<void> => {
    most.push(++inside);
    await new Promise((done) => setTimeout(done, 5));
    inside--;
  };
  await Promise.all([1, 2, 3, 4].map(() => withLock(name, action)));
  expect(most).toEqual([1, 1, 1, 1]);
});

it("does not make other names wait", async () => {
  await withLock(unique(), () => withLock(unique(), () => Promise.resolve()));
});

it("is free again after an action that fails", async () => {
  const name = unique();
  await expect(withLock(name, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await expect(withLock(name, () => Promise.resolve("yes"))).resolves.toBe("yes");
});

it("waits for another process, names it, and takes over when it is killed", async () => {
  const name = unique();
  const child = await holder(name);
  const waitedFor: number[] = [];
  await withLock(
    name,
    () => {
      expect(child.killed).toBe(true);
      return Promise.resolve();
    },
    (pid) => {
      waitedFor.push(pid);
      child.kill("SIGKILL");
    },
  );
  expect(waitedFor).toEqual([child.pid]);
});
