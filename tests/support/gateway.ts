import type { Agent, IncomingHttpHeaders } from "node:http";
import http from "node:http";
import https from "node:https";

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
  readonly location: string | undefined;
}

/** Where a gateway is and whom clients trust. */
export interface GatewayAccess {
  readonly address: string;
  readonly authority: string;
}

/** What of a request differs from a plain GET. */
export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The client's certificate and its key. */
  readonly cert?: string;
  readonly key?: string;
  /** Connections that are kept. Default: a new one. */
  readonly agent?: Agent;
}

/** Asks a gateway at an address of its own, as a client would whose resolver leads every host there and who trusts this authority alone. */
export async function askGateway(
  url: string,
  { address, authority }: GatewayAccess,
  { method = "GET", headers = {}, body, agent, ...client }: Question = {},
): Promise<Answer> {
  const { hostname, protocol, pathname, search } = new URL(url);
  const options = {
    host: address,
    servername: hostname,
    method,
    headers: { host: hostname, ...headers },
    ca: authority,
    agent: agent ?? false,
    ...client,
  };
  return new Promise((settle, reject) => {
    const request = (protocol === "https:" ? https : http).request(
      { ...options, path: pathname + search },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const { statusCode = 0, headers: answered } = response;
          settle({ status: statusCode, body: text, headers: answered, location: answered.location });
        });
      },
    );
    request.setTimeout(60_000, () => request.destroy(new Error("no answer in 60 s")));
    request.on("error", reject);
    request.end(body);
  });
}
