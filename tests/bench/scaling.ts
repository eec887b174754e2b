import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { toolPath } from "../../toolchain/locate";
import { coldApp } from "../live/scaling/apps";
import { ScalingCluster } from "../live/scaling/cluster";
import { sendAll } from "../live/scaling/load";
import { secondsOf } from "./measure/seconds";

export interface ScalingRow {
  readonly what: string;
  /** Median, in seconds. */
  readonly p50: number;
  /** 95th percentile, in seconds. */
  readonly p95: number;
}

/** Cold starts that are measured; one goes before them, which pulls the image. */
const starts = 20;

/**
 * How long a first request waits for a workload at zero whose image is on the node, and where the time goes: until the autoscaler made a
 * pod, until its container runs as far as the API server knows, until it is ready, and until the answer is there.
 */
export async function bench(): Promise<readonly ScalingRow[]> {
  const cluster = await ScalingCluster.start("bench-scaling");
  try {
    const target = await cluster.build("target", path.resolve(__dirname, "../live/scaling/target"));
    await cluster.run(coldApp({ target }));
    const url = cluster.url("cold", "web");
    while ((await sendAll(url, cluster.gateway, 1, 1)).answered === 0) await sleep(500);
    const measured: Phases[] = [];
    while (measured.length < starts) measured.push(await coldStart(cluster, url));
    return (Object.keys(measured[0] ?? {}) as (keyof Phases)[]).map((what) => {
      const sorted = measured.map((one) => one[what]).sort((left, right) => left - right);
      return { what, p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
    });
  } finally {
    await cluster.delete();
  }
}

interface Phases {
  readonly "first answer": number;
  readonly "… until a pod is made": number;
  readonly "… until its container runs": number;
  readonly "… until it is ready": number;
  readonly "… until the answer": number;
}

async function coldStart(cluster: ScalingCluster, url: string): Promise<Phases> {
  await untilAsleep(cluster);
  const watch = await PodWatch.start(cluster);
  try {
    const began = performance.now();
    const total = await secondsOf(() => sendAll(url, cluster.gateway, 1, 1));
    // The watch may be behind the answer.
    while (watch.ready === undefined) await sleep(20);
    const since = (time: number | undefined): number => ((time ?? began) - began) / 1000;
    const [made, running, ready] = [since(watch.made), since(watch.running), since(watch.ready)];
    return {
      "first answer": total,
      "… until a pod is made": made,
      "… until its container runs": running - made,
      "… until it is ready": ready - running,
      "… until the answer": Math.max(0, total - ready),
    };
  } finally {
    watch.stop();
  }
}

async function untilAsleep(cluster: ScalingCluster): Promise<void> {
  const pods = ["--namespace", "cold", "get", "pods", "--output", "name"];
  while ((await cluster.kubectl.text(...pods)) !== "") await sleep(500);
}

/** When the first pod that comes was made, ran and was ready, by the clock of this process. */
class PodWatch {
  made: number | undefined;
  running: number | undefined;
  ready: number | undefined;

  private constructor(private readonly child: ChildProcess) {}

  static async start({ kubeconfig }: ScalingCluster): Promise<PodWatch> {
    const program = (await toolPath("kubectl")) ?? "kubectl";
    const format =
      'jsonpath={.status.containerStatuses[0].started}|{.status.conditions[?(@.type=="Ready")].status}{"\\n"}';
    const args = ["--kubeconfig", kubeconfig, "--namespace", "cold", "get", "pods", "--watch", "--output", format];
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    const watch = new PodWatch(child);
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [started = "", ready = ""] = line.split("|");
      watch.made ??= performance.now();
      if (started === "true" || ready === "True") watch.running ??= performance.now();
      if (ready === "True") watch.ready ??= performance.now();
    });
    // A watch that begins after the request would miss its beginning.
    await sleep(1000);
    return watch;
  }

  stop(): void {
    this.child.kill();
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
