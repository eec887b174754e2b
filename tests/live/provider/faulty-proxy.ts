import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Agent, request } from "node:https";
import type { ControlPlane } from "./control-plane";

/** What happens to a request: nothing, the connection is cut before or after the server did it, or another answer. */
export type Fault =
  "none" | "cut before" | "cut after" | { readonly status: number; readonly reason: string; readonly headers?: object };

/** Stands between the provider and the API server and does to requests what networks and busy servers do. */
export class FaultyProxy {
  /** Decides for each request; called once a request. */
  fault: (method: string, path: string) => Fault = () => "none";
  /** Watches end after so many milliseconds; 0: never. */
  watchLife = 0;
  readonly requests: string[] = [];
  private readonly server: Server;
  private readonly agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

  constructor(private readonly target: ControlPlane) {
    this.server = createServer((incoming, outgoing) => {
      this.handle(incoming, outgoing);
    });
  }

  async start(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
    this.agent.destroy();
  }

  private handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = "GET", url = "/" } = incoming;
    this.requests.push(`${method} ${url}`);
    const fault = this.fault(method, url);
    if (fault === "cut before") {
      incoming.socket.destroy();
      return;
    }
    if (typeof fault === "object") {
      const { status, reason, headers } = fault;
      const answer = { kind: "Status", apiVersion: "v1", status: "Failure", message: reason, reason, code: status };
      outgoing.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(answer));
      return;
    }
    const forwarded = request(
      this.target.address + url,
      // A plain connection carries no credentials of client-go: it sends tokens over TLS only when told to.
      { method, agent: this.agent, headers: { ...incoming.headers, ...this.target.authorization } },
      (answer) => {
        if (fault === "cut after") {
          answer.resume().once("end", () => incoming.socket.destroy());
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        if (this.watchLife > 0 && url.includes("watch=true"))
          setTimeout(() => incoming.socket.destroy(), this.watchLife).unref();
      },
    );
    forwarded.once("error", () => incoming.socket.destroy());
    incoming.pipe(forwarded);
  }
}

/** The same fault for the first requests that match, then none. */
export function first(count: number, fault: Fault, matches: (method: string, path: string) => boolean) {
  let left = count;
  return (method: string, path: string): Fault => (matches(method, path) && left-- > 0 ? fault : "none");
}
