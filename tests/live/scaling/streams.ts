import http2 from "node:http2";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { Gateway } from "./load";

/** Milliseconds without a word after which a stream is given up. */
const silence = 60_000;

/** Opens a WebSocket and gives the first words that come. */
export async function words(url: string, { address, authority }: Gateway, count: number): Promise<string[]> {
  const { hostname, pathname } = new URL(url);
  const headers = {
    host: hostname,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": Buffer.from("0123456789abcdef").toString("base64"),
  };
  return new Promise((settle, reject) => {
    const request = https.request({ host: address, servername: hostname, headers, ca: authority, path: pathname });
    request.setTimeout(silence, () => request.destroy(new Error("no word in 60 s")));
    request.on("error", reject);
    request.on("response", (response) => {
      reject(new Error(`no upgrade: ${response.statusCode ?? 0}`));
    });
    request.on("upgrade", (_response, socket, head) => {
      const heard: string[] = [];
      let rest = head;
      const read = (chunk: Buffer): void => {
        rest = Buffer.concat([rest, chunk]);
        // A short frame of text: a byte of kind, a byte of length, the word.
        for (let end = 2 + (rest[1] ?? 0); rest.length >= end; end = 2 + (rest[1] ?? 0)) {
          heard.push(rest.subarray(2, end).toString());
          rest = rest.subarray(end);
        }
        if (heard.length < count) return;
        socket.destroy();
        settle(heard);
      };
      socket.on("close", () => {
        reject(new Error(`closed after ${heard.length} words`));
      });
      socket.on("error", reject);
      socket.on("data", read);
      read(Buffer.alloc(0));
    });
    request.end();
  });
}

/** What became of a call of gRPC: its status, and the messages that came back. */
type Called = readonly [status: string, texts: readonly string[]];

/** Calls a gRPC method and sends it messages on one stream, the next one `pause` milliseconds after the answer to the one before. */
export async function callGrpc(url: string, gateway: Gateway, messages: readonly string[], pause = 0): Promise<Called> {
  const { hostname, pathname } = new URL(url);
  const session = http2.connect(`https://${gateway.address}`, { servername: hostname, ca: gateway.authority });
  try {
    return await new Promise((settle, reject) => {
      session.on("error", reject);
      const stream = session.request({
        ":method": "POST",
        ":path": pathname,
        ":authority": hostname,
        "content-type": "application/grpc",
        te: "trailers",
      });
      const texts: string[] = [];
      let status = "";
      let rest = Buffer.alloc(0);
      const send = (): void => {
        const message = messages[texts.length];
        if (message === undefined) stream.end();
        else stream.write(frame(message));
      };
      stream.setTimeout(silence, () => {
        reject(new Error("no answer in 60 s"));
      });
      stream.on("error", reject);
      stream.on("response", (headers) => (status = String(headers["grpc-status"] ?? headers[":status"])));
      stream.on("trailers", (trailers: http2.IncomingHttpHeaders) => (status = String(trailers["grpc-status"])));
      stream.on("data", (chunk: Buffer) => {
        rest = Buffer.concat([rest, chunk]);
        while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
          const end = 5 + rest.readUInt32BE(1);
          texts.push(rest.subarray(5, end).toString());
          rest = rest.subarray(end);
          void sleep(pause).then(send);
        }
      });
      stream.on("end", () => {
        settle([status, texts]);
      });
      send();
    });
  } finally {
    session.close();
  }
}

/** A message as gRPC frames it: not compressed, its length, itself. */
function frame(message: string): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(Buffer.byteLength(message), 1);
  return Buffer.concat([head, Buffer.from(message)]);
}
