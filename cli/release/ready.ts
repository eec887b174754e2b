import { setTimeout as sleep } from "node:timers/promises";
import { PetrichorError } from "../../components/errors";
import type { RunningWorkload } from "../workloads/find";

/** How long to wait, in milliseconds. */
export interface Patience {
  readonly timeout: number;
  /** Between two looks. */
  readonly interval: number;
  readonly signal: AbortSignal;
}

/** Milliseconds that an app may take until all of its pods are ready on a new cluster, and between two looks at it. */
export const usualPatience = { timeout: 300_000, interval: 1_000 } as const;

/**
 * Waits until an app is there and every pod of it is ready.
 * @param look tells the workloads of the app on the cluster
 * @throws PetrichorError MOVE_STALLED when it takes too long
 */
export async function untilReady(
  { stack, app }: { readonly stack: string; readonly app: string },
  look: () => Promise<readonly RunningWorkload[]>,
  { timeout, interval, signal }: Patience,
): Promise<void> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const workloads = await look();
    const waiting = workloads.filter(({ ready, wanted }) => ready < wanted);
    if (workloads.length > 0 && waiting.length === 0) return;
    if (Date.now() >= deadline) throw stalled(stack, app, waiting);
    await sleep(interval, undefined, { signal });
  }
}

function stalled(stack: string, app: string, waiting: readonly RunningWorkload[]): PetrichorError {
  const named = waiting.map(({ workload, ready, wanted }) => `${workload} (${ready} of ${wanted} pods ready)`);
  return new PetrichorError(
    "MOVE_STALLED",
    named.length === 0 ? "no workload of it appeared." : `${named.join(", ")} did not become ready.`,
    "The app still serves where it was. Find out why, then run the command again: it goes on from here.",
    { stack, app },
  );
}
