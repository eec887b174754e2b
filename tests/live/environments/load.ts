import { answerOf } from "../../support/ask";

/** Asks an address five times a second, at most four hundred times; it forgets the address every two seconds, as a resolver does. */
export class Load {
  readonly #lost: string[] = [];
  #asked = 0;
  #running: Promise<void> | undefined;
  #stopped = false;
  #address: { readonly url: string; readonly until: number } | undefined;

  constructor(private readonly resolve: () => Promise<string>) {}

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<{ asked: number; lost: readonly string[] }> {
    this.#stopped = true;
    await this.#running;
    return { asked: this.#asked, lost: this.#lost };
  }

  async once(): Promise<void> {
    if (this.#address === undefined || this.#address.until < Date.now()) {
      this.#address = { url: await this.resolve(), until: Date.now() + 2_000 };
    }
    const { status } = await answerOf(this.#address.url, { timeout: 10_000 });
    if (status !== 200) throw new Error(`${this.#address.url} answered ${status}`);
  }

  async #run(): Promise<void> {
    while (!this.#stopped && this.#asked < 400) {
      this.#asked += 1;
      await this.once().catch((error: unknown) => this.#lost.push(String(error)));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
