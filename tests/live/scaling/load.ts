import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

/** Where a gateway answers, and whom its clients trust. */
export interface Gateway {
  readonly address: string;
  readonly authority: string;
}

/** What became of a load: every request is answered or has failed. */
export interface Sent {
  readonly answered: number;
  /** What the others met, such as `503` or `ECONNRESET`. */
  readonly failures: readonly string[];
}

/** Asks once; gives the body, or fails with the status. */
async function askOnce(url: URL, { address, authority }: Gateway, agent: https.Agent): Promise<string> {
  const headers = { host: url.hostname };
  const options = { host: address, servername: url.hostname, headers, ca: authority, agent, path: url.pathname };
  return new Promise((settle, reject) => {
    const request = https.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) settle(Buffer.concat(chunks).toString());
        else reject(new Error(`${response.statusCode ?? 0} ${Buffer.concat(chunks).toString().slice(0, 200)}`));
      });
    });
    request.setTimeout(60_000, () => request.destroy(new Error("no answer in 60 s")));
    request.on("error", reject);
    request.end();
  });
}

/** Sends so many requests, at most `atOnce` at the same time. */
export async function sendAll(url: string, gateway: Gateway, count: number, atOnce: number): Promise<Sent> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: atOnce });
  const failures: string[] = [];
  let left = count;
  const one = async (): Promise<void> => {
    for (; left > 0;) {
      left -= 1;
      await askOnce(new URL(url), gateway, agent).catch((error: unknown) => failures.push(String(error)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  agent.destroy();
  return { answered: count - failures.length, failures };
}

/** A load of so many requests a second that goes on until it is stopped, or has sent `most`. */
export class SteadyLoad {
  readonly #agent = new https.Agent({ keepAlive: true, maxSockets: 64 });
  readonly #failures: string[] = [];
  readonly #waiting = new Set<Promise<unknown>>();
  #sent = 0;
  #going = true;
  readonly #loop: Promise<void>;

  /** @param rate requests a second; it may be changed on the way */
  constructor(
    private readonly url: string,
    private readonly gateway: Gateway,
    public rate: number,
    private readonly most = 20_000,
  ) {
    this.#loop = this.#send();
  }

  async #send(): Promise<void> {
    let due = Date.now();
    while (this.#going && this.#sent < this.most) {
      // What a busy machine made late is not sent all at once.
      due = Math.max(due + 1000 / this.rate, Date.now() - 500);
      await sleep(Math.max(0, due - Date.now()));
      this.#sent += 1;
      const one: Promise<unknown> = askOnce(new URL(this.url), this.gateway, this.#agent)
        .catch((error: unknown) => this.#failures.push(String(error)))
        .finally(() => this.#waiting.delete(one));
      this.#waiting.add(one);
    }
  }

  /** Sends no more, waits for what is under way, and tells what became of all of it. */
  async stop(): Promise<Sent> {
    this.#going = false;
    await this.#loop;
    await Promise.all(this.#waiting);
    this.#agent.destroy();
    return { answered: this.#sent - this.#failures.length, failures: this.#failures };
  }
}
