import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { coldApp, ratedApp } from "../live/scaling/apps";
import { ScalingCluster } from "../live/scaling/cluster";
import { sendAll, SteadyLoad } from "../live/scaling/load";
import { secondsOf } from "./measure/seconds";
import { coldStart, untilAsleep } from "./scaling/cold-start";

export interface ScalingRow {
  readonly what: string;
  readonly times: number;
  /** Median, in seconds. */
  readonly p50: string;
  /** 95th percentile, in seconds; of few times it is the longest. */
  readonly p95: string;
  /** Requests that were not answered, of those that were sent. */
  readonly lost?: string;
}

/** Cold starts that are measured; one goes before them, which pulls the image. */
const starts = 20;
/** Requests that find nobody, and how many of them are sent at the same time. */
const crowd = { requests: 1000, atOnce: 40 };
/** Requests a second that one replica should carry. The load asks for a little less of each, so that its replicas are enough for it. */
const carried = 5;
const asked = 0.95 * carried;
/** Replicas between which the load doubles. */
const doublings = [1, 2, 4];

/**
 * - How long a first request waits for a workload at zero whose image is on the node, and where the time goes: until the autoscaler made a
 *   pod, until that has a node, until its container runs as far as the API server knows, until it is ready, until it is among the endpoints
 *   of its Service, and until the answer is there; then how long it takes to be at zero again.
 * - How long a thousand requests take that find nobody, and how many of them are lost.
 * - How long it takes until replicas that carry a load are twice as many, and ready, after the load has doubled.
 */
export async function bench(): Promise<readonly ScalingRow[]> {
  const cluster = await ScalingCluster.start("bench-scaling");
  try {
    const target = await cluster.build("target", path.resolve(__dirname, "../live/scaling/target"));
    await cluster.run(coldApp({ target }));
    await cluster.run(ratedApp({ target }, carried));
    for (const url of [cluster.url("cold", "web"), cluster.url("rated", "web")]) await untilRouted(cluster, url);
    return [...(await coldStarts(cluster)), await crowdAtZero(cluster), await doubledLoad(cluster)];
  } finally {
    await cluster.delete();
  }
}

async function untilRouted({ gateway }: ScalingCluster, url: string): Promise<void> {
  while ((await sendAll(url, gateway, 1, 1)).answered === 0) await sleep(500);
}

async function coldStarts(cluster: ScalingCluster): Promise<ScalingRow[]> {
  const measured: Awaited<ReturnType<typeof coldStart>>[] = [];
  while (measured.length < starts) measured.push(await coldStart(cluster, cluster.url("cold", "web")));
  const phases = Object.keys(measured[0] ?? {}) as (keyof (typeof measured)[number])[];
  return phases.map((what) =>
    row(
      what,
      measured.map((one) => one[what]),
    ),
  );
}

async function crowdAtZero(cluster: ScalingCluster): Promise<ScalingRow> {
  await untilAsleep(cluster);
  const { requests, atOnce } = crowd;
  let lost = 0;
  const seconds = await secondsOf(async () => {
    const { failures } = await sendAll(cluster.url("cold", "web"), cluster.gateway, requests, atOnce);
    lost = failures.length;
  });
  return { ...row(`${requests} requests at zero`, [seconds]), lost: `${lost} of ${requests}` };
}

async function doubledLoad(cluster: ScalingCluster): Promise<ScalingRow> {
  const load = new SteadyLoad(cluster.url("rated", "web"), cluster.gateway, asked);
  const seconds: number[] = [];
  for (const replicas of doublings) {
    await untilSteady(cluster, replicas);
    load.rate = 2 * replicas * asked;
    seconds.push(await secondsOf(() => untilReady(cluster, 2 * replicas)));
  }
  const { answered, failures } = await load.stop();
  const lost = `${failures.length} of ${answered + failures.length}`;
  return { ...row("load doubled, until replicas are", seconds), lost };
}

/** So many replicas for so long that the autoscaler has no older load in mind. */
async function untilSteady(cluster: ScalingCluster, replicas: number): Promise<void> {
  const looks = 60;
  for (let seen = 0; seen < looks;) {
    await sleep(500);
    seen = (await cluster.ready("rated", "web")) === replicas ? seen + 1 : 0;
  }
}

async function untilReady(cluster: ScalingCluster, replicas: number): Promise<void> {
  while ((await cluster.ready("rated", "web")) < replicas) await sleep(250);
}

function row(what: string, seconds: readonly number[]): ScalingRow {
  const sorted = [...seconds].sort((left, right) => left - right);
  const quantile = (share: number): string => (sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN).toFixed(2);
  return { what, times: seconds.length, p50: quantile(0.5), p95: quantile(0.95) };
}
