import http from "node:http";
import https from "node:https";

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly location: string | undefined;
}

/** Asks a gateway at an address of its own, as a client would whose resolver leads every host there and who trusts this authority alone. */
export async function askGateway(
  url: string,
  { address, authority }: { address: string; authority: string },
): Promise<Answer> {
  const { hostname, protocol, pathname } = new URL(url);
  const options = { host: address, servername: hostname, headers: { host: hostname }, ca: authority, agent: false };
  return new Promise((settle, reject) => {
    const request = (protocol === "https:" ? https : http).request({ ...options, path: pathname }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        settle({ status: response.statusCode ?? 0, body, location: response.headers.location });
      });
    });
    request.setTimeout(60_000, () => request.destroy(new Error("no answer in 60 s")));
    request.on("error", reject);
    request.end();
  });
}
