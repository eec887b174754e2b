import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { toolPath } from "../../../toolchain/locate";
import type { ScalingCluster } from "../../live/scaling/cluster";
import { sendAll } from "../../live/scaling/load";
import { secondsOf } from "../measure/seconds";

/** Seconds. */
interface Phases {
  readonly "first answer": number;
  readonly "… until a pod is made": number;
  readonly "… until it has a node": number;
  readonly "… until its container runs": number;
  readonly "… until it is ready": number;
  readonly "… until it is an endpoint": number;
  readonly "… until the answer": number;
  readonly "back at zero (cool-down: 1 s)": number;
}

/** Starts what sleeps by one request, and waits until it sleeps again. */
export async function coldStart(cluster: ScalingCluster, url: string): Promise<Phases> {
  await untilAsleep(cluster);
  const watch = await StartWatch.start(cluster);
  try {
    const began = performance.now();
    const total = await secondsOf(() => sendAll(url, cluster.gateway, 1, 1));
    const seen = await watch.whole();
    const since = (time: number): number => (time - began) / 1000;
    return {
      "first answer": total,
      "… until a pod is made": since(seen.made),
      "… until it has a node": since(seen.placed) - since(seen.made),
      "… until its container runs": since(seen.running) - since(seen.placed),
      "… until it is ready": since(seen.ready) - since(seen.running),
      "… until it is an endpoint": since(seen.reachable) - since(seen.ready),
      "… until the answer": total - since(seen.reachable),
      "back at zero (cool-down: 1 s)": await secondsOf(() => untilNoneWanted(cluster)),
    };
  } finally {
    watch.stop();
  }
}

/** Waits until no pod of it is left. */
export async function untilAsleep(cluster: ScalingCluster): Promise<void> {
  const pods = ["--namespace", "cold", "get", "pods", "--output", "name"];
  while ((await cluster.kubectl.text(...pods)) !== "") await sleep(500);
}

async function untilNoneWanted(cluster: ScalingCluster): Promise<void> {
  while ((await cluster.replicas("cold", "web")) > 0) await sleep(250);
}

/** When each step of a start was seen, by the clock of this process. */
interface Steps {
  readonly made: number;
  readonly placed: number;
  readonly running: number;
  readonly ready: number;
  readonly reachable: number;
}

/** Watches the first pod that comes, and the endpoints of its Service. */
class StartWatch {
  readonly #seen: { -readonly [step in keyof Steps]?: number } = {};
  readonly #children: ChildProcess[] = [];

  static async start(cluster: ScalingCluster): Promise<StartWatch> {
    const watch = new StartWatch();
    const program = (await toolPath("kubectl")) ?? "kubectl";
    const follow = (kind: string, format: string, told: (fields: readonly string[]) => void): void => {
      const at = ["--kubeconfig", cluster.kubeconfig, "--namespace", "cold"];
      const args = [...at, "get", kind, "--watch", "--output", `jsonpath=${format}{"\\n"}`];
      const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
      watch.#children.push(child);
      createInterface({ input: child.stdout }).on("line", (line) => {
        told(line.split("|"));
      });
    };
    const started = "{.status.containerStatuses[0].state.running.startedAt}";
    const ready = '{.status.conditions[?(@.type=="Ready")].status}';
    follow("pods", `{.spec.nodeName}|${started}|${ready}`, ([node, runsSince, isReady]) => {
      watch.#note("made");
      if (node !== "") watch.#note("placed");
      if (runsSince !== "") watch.#note("running");
      if (isReady === "True") watch.#note("ready");
    });
    follow("endpointslices", "{.endpoints[*].conditions.ready}", ([conditions = ""]) => {
      if (conditions.includes("true")) watch.#note("reachable");
    });
    // A watch that begins after the request would miss its beginning.
    await sleep(1000);
    return watch;
  }

  #note(step: keyof Steps): void {
    this.#seen[step] ??= performance.now();
  }

  /** All steps; a watch may be behind the answer. */
  async whole(): Promise<Steps> {
    for (;;) {
      const { made, placed, running, ready, reachable } = this.#seen;
      const isWhole = made !== undefined && placed !== undefined && running !== undefined;
      if (isWhole && ready !== undefined && reachable !== undefined) return { made, placed, running, ready, reachable };
      await sleep(20);
    }
  }

  stop(): void {
    for (const child of this.#children) child.kill();
  }
}
