import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { layoutOf } from "../../../toolchain/cluster/layout";
import { rememberNode } from "../../../toolchain/cluster/running";
import { until } from "../../../toolchain/cluster/waiting";

// A process of ours stands for the node's first one: what is waited for, and what its end means, is the same.

describe("waiting for a node", () => {
  const home = mkdtempSync(path.join(tmpdir(), "petrichor-waiting-"));
  const layout = layoutOf({ name: "waiting", home });
  let node: ChildProcess;

  beforeEach(async () => {
    mkdirSync(layout.logs, { recursive: true });
    node = spawn("sleep", ["300"], { stdio: "ignore" });
    await once(node, "spawn");
    await rememberNode(layout, node.pid ?? 0, { settings: {} });
  });
  afterEach(() => {
    node.kill("SIGKILL");
    rmSync(layout.folder, { recursive: true, force: true });
  });
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  test("ends when what is waited for is so", async () => {
    let looks = 0;
    await until("it was looked at three times", () => Promise.resolve(++looks === 3), layout);
    expect(looks).toBe(3);
  });

  test("fails when the node ends meanwhile, with the last words of the part that kept ending", async () => {
    const part = (restarts: number, lastEnd?: string) => ({ state: "waiting", pid: 0, restarts, since: "", lastEnd });
    mkdirSync(path.dirname(layout.status), { recursive: true });
    writeFileSync(
      layout.status,
      JSON.stringify({ etcd: part(4, "exit status 1"), kubelet: part(0), coredns: part(1, "exit status 2") }),
    );
    writeFileSync(
      path.join(layout.logs, "etcd.log"),
      `${Array.from({ length: 12 }, (_, line) => `line ${line}`).join("\n")}\nthe data is broken\n`,
    );
    const waiting = until("the API server answers", () => Promise.resolve(false), layout);
    node.kill("SIGKILL");
    await expect(waiting).rejects.toMatchObject({
      code: "CLUSTER_START_FAILED",
      message: expect.stringMatching(
        /^The embedded cluster did not start: its first process ended\. Last lines of etcd:\nline 3\n[^]*\nthe data is broken\n$/,
      ) as unknown,
      fix: expect.stringContaining("petrichor cluster delete") as unknown,
    });
  });
});
