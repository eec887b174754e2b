import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { askGateway, type GatewayAccess } from "../../support/gateway";

export interface LoadOptions {
  readonly url: string;
  readonly access: GatewayAccess;
  /** Requests a second: half over kept connections, half over new ones. */
  readonly rate: number;
  /** Fewest requests. */
  readonly requests: number;
  /** Times that a client asks before it takes a request for lost. */
  readonly tries: number;
}

/** What came of a load. */
export interface LoadResult {
  readonly sent: number;
  /** Why requests were lost, with the number of each. */
  readonly lost: Readonly<Record<string, number>>;
  /** Requests that were answered only at a further try. */
  readonly repeated: number;
}

/** Requests under way beyond which no more are sent: the machine can't follow. */
const underWayLimit = 400;
const tick = 20;

/** Sends requests at a steady rate while something is done, and for as long as there are too few; waits for every answer. */
export async function underLoad(options: LoadOptions, work: () => Promise<void>): Promise<LoadResult> {
  const kept = new https.Agent({ keepAlive: true });
  const lost: Record<string, number> = {};
  const underWay = new Set<Promise<void>>();
  let sent = 0;
  let repeated = 0;
  const send = async (count: number): Promise<void> => {
    try {
      const tried = await answered(options, count % 2 === 0 ? kept : undefined);
      if (tried > 1) repeated++;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      lost[why] = (lost[why] ?? 0) + 1;
    }
  };
  const state = { isWorking: true };
  const working = work().finally(() => {
    state.isWorking = false;
  });
  // A failure of the work is told once the load has ended.
  working.catch(() => undefined);
  const start = Date.now();
  while (state.isWorking || sent < options.requests) {
    const due = Math.floor(((Date.now() - start) / 1000) * options.rate) - sent;
    for (let count = 0; count < Math.min(due, options.rate) && underWay.size < underWayLimit; count++) {
      const request = send(sent++);
      underWay.add(request);
      void request.finally(() => underWay.delete(request));
    }
    await sleep(tick);
  }
  await Promise.all(underWay);
  await working;
  kept.destroy();
  return { sent, lost, repeated };
}

async function answered({ url, access, tries }: LoadOptions, agent: https.Agent | undefined): Promise<number> {
  for (let tried = 1; ; tried++) {
    try {
      // A further try takes a new connection, as clients do whose connection broke.
      const { status } = await askGateway(url, access, agent === undefined || tried > 1 ? {} : { agent });
      if (status === 200) return tried;
      throw new Error(`status ${status}`);
    } catch (error) {
      if (tried >= tries) throw error;
    }
  }
}
