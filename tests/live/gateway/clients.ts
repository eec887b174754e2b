import { randomBytes } from "node:crypto";
import dgram from "node:dgram";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayAccess } from "../../support/gateway";

/** Sends a short text through a WebSocket and returns what comes back. */
export async function echoBySocket(host: string, text: string, { address, authority }: GatewayAccess): Promise<string> {
  const headers = {
    host,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": randomBytes(16).toString("base64"),
  };
  return new Promise((settle, reject) => {
    const request = https.request({
      host: address,
      servername: host,
      path: "/socket",
      ca: authority,
      agent: false,
      headers,
    });
    request.on("response", ({ statusCode = 0 }) => {
      reject(new Error(`no WebSocket but ${statusCode}`));
    });
    request.on("upgrade", (_, socket) => {
      const mask = randomBytes(4);
      const masked = Buffer.from(text).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
      socket.once("data", (frame: Buffer) => {
        socket.destroy();
        settle(frame.subarray(2).toString());
      });
      socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | masked.length]), mask, masked]));
    });
    request.on("error", reject);
    request.end();
  });
}

/** Calls a gRPC method with a message, and returns the one that comes back and its status. */
export async function callGrpc(
  host: string,
  method: string,
  message: string,
  { address, authority }: GatewayAccess,
): Promise<{ message: string; status: string }> {
  const session = http2.connect(`https://${address}`, { ca: authority, servername: host });
  try {
    return await new Promise((settle, reject) => {
      session.on("error", reject);
      const call = session.request({
        ":method": "POST",
        ":path": method,
        ":authority": host,
        "content-type": "application/grpc",
        te: "trailers",
      });
      const chunks: Buffer[] = [];
      let status = "none";
      const takeStatus = (headers: http2.IncomingHttpHeaders): void => {
        status = String(headers["grpc-status"] ?? status);
      };
      call.on("response", takeStatus);
      call.on("trailers", takeStatus);
      call.on("data", (chunk: Buffer) => chunks.push(chunk));
      call.on("error", reject);
      call.on("end", () => {
        settle({ message: Buffer.concat(chunks).subarray(5).toString(), status });
      });
      const length = Buffer.alloc(5);
      length.writeUInt32BE(Buffer.byteLength(message), 1);
      call.end(Buffer.concat([length, Buffer.from(message)]));
    });
  } finally {
    session.close();
  }
}

/** Sends a text to a TCP port and returns the first answer that is whole. */
export async function echoByTcp(host: string, port: number, text: string): Promise<string> {
  const { socket, received } = await echo(host, port, text);
  socket.destroy();
  return received;
}

/** A connection to a TCP port that has echoed a text, and stays open. */
export async function openTcp(host: string, port: number, text: string): Promise<net.Socket> {
  return (await echo(host, port, text)).socket;
}

async function echo(host: string, port: number, text: string): Promise<{ socket: net.Socket; received: string }> {
  return new Promise((settle, reject) => {
    const socket = net.connect({ host, port });
    let received = "";
    socket.setTimeout(10_000, () => socket.destroy(new Error(`port ${port} did not answer`)));
    socket.on("error", reject);
    socket.on("close", () => {
      reject(new Error(`port ${port} closed after "${received}"`));
    });
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString();
      if (!received.includes(text)) return;
      socket.setTimeout(0);
      settle({ socket, received });
    });
    socket.write(text);
  });
}

/** Sends a text to a UDP port, again while nothing comes back, for datagrams may be lost. */
export async function echoByUdp(host: string, port: number, text: string): Promise<string> {
  const socket = dgram.createSocket("udp4");
  try {
    const answer = new Promise<string>((settle, reject) => {
      socket.on("message", (message) => {
        settle(message.toString());
      });
      socket.on("error", reject);
    });
    for (let tries = 0; tries < 20; tries++) {
      socket.send(text, port, host);
      const result = await Promise.race([answer, sleep(250, undefined)]);
      if (result !== undefined) return result;
    }
    throw new Error(`port ${port}/udp did not answer`);
  } finally {
    socket.close();
  }
}
