import { untilReady } from "../../../cli/release/ready";
import type { RunningWorkload } from "../../../cli/workloads/find";

const where = { stack: "prod.datacenter", app: "shop" };
const patience = { timeout: 20, interval: 1, signal: new AbortController().signal };

function workload(name: string, ready: number, wanted: number): RunningWorkload {
  const rest = {
    namespace: "shop",
    object: `deployment/${name}`,
    kind: "Deployment",
    image: "",
    addresses: [],
    since: "",
  };
  return { app: "shop", workload: name, ready, wanted, ...rest };
}

/** Answers one look after the other; the last answer stays. */
function looks(...answers: RunningWorkload[][]): () => Promise<RunningWorkload[]> {
  return () => Promise.resolve((answers.length > 1 ? answers.shift() : answers[0]) ?? []);
}

describe("an app on the cluster that it is moved to", () => {
  it("is ready when every pod of every workload is", async () => {
    const answers = [[], [workload("web", 1, 2)], [workload("web", 2, 2), workload("worker", 0, 0)]];
    const patient = { ...patience, timeout: 60_000 };
    await expect(untilReady(where, looks(...answers), patient)).resolves.toBeUndefined();
  });

  it("stalls when pods don't become ready, and each such workload is named", async () => {
    const never = looks([workload("web", 1, 2), workload("api", 1, 1), workload("worker", 0, 1)]);
    await expect(untilReady(where, never, patience)).rejects.toMatchObject({
      code: "MOVE_STALLED",
      message: "web (1 of 2 pods ready), worker (0 of 1 pods ready) did not become ready.",
      place: where,
    });
  });

  it("stalls when nothing of it appears", async () => {
    await expect(untilReady(where, looks([]), patience)).rejects.toMatchObject({
      code: "MOVE_STALLED",
      message: "no workload of it appeared.",
    });
  });

  it("is given up when the command is", async () => {
    const signal = AbortSignal.abort();
    await expect(untilReady(where, looks([]), { ...patience, signal })).rejects.toThrow("abort");
  });
});
