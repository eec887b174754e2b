import http from "node:http";

/**
 * Asks once over a connection of its own, and fails where that ends without an answer, as it does at a gateway whose workload isn't ready.
 * The first `fetch` of a process with Node 20 waits for ever there: its parser is still being loaded when the connection ends.
 */
export async function askOnce(url: string): Promise<string> {
  return new Promise((settle, reject) => {
    const request = http.get(url, { agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        settle(Buffer.concat(chunks).toString());
      });
    });
    request.on("error", reject);
  });
}
