import https from "node:https";
import { eventually } from "../../support/embedded";
import { patience } from "./cluster";
import type { Gateway } from "./load";

/** Places orders at the shop's api, which puts them into its queue; each is taken. */
export async function placeOrders(url: string, gateway: Gateway, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    // The first one waits for the queue and the api to start.
    await eventually(async () => {
      expect(await place(url, gateway, index)).toBe(201);
    }, patience);
  }
}

async function place(url: string, { address, authority }: Gateway, index: number): Promise<number> {
  const { hostname, pathname } = new URL(url);
  const headers = { host: hostname, "content-type": "application/json" };
  const order = { id: `order-${String(index).padStart(6, "0")}`, article: "fern", quantity: 1, customer: "a test" };
  const options = { method: "POST", host: address, servername: hostname, headers, ca: authority, path: pathname };
  return new Promise((settle, reject) => {
    const request = https.request(options, (response) => {
      response.resume();
      response.on("end", () => {
        settle(response.statusCode ?? 0);
      });
    });
    request.setTimeout(30_000, () => request.destroy(new Error("no answer in 30 s")));
    request.on("error", reject);
    request.end(JSON.stringify(order));
  });
}
