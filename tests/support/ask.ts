import http, { type IncomingHttpHeaders } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Question {
  /** Fields of a form that is posted; without them the page is got. */
  readonly form?: Readonly<Record<string, string>>;
  /** Milliseconds until it has failed. Default: 30 seconds. */
  readonly timeout?: number;
}

/**
 * Asks once over a connection of its own and follows no redirection; it fails where the connection ends without an answer, as it does at a
 * gateway whose workload isn't ready. The first `fetch` of a process with Node 20 waits for ever there, whatever its time limit: its parser is
 * still being loaded when the connection ends.
 */
export async function answerOf(url: string, { form, timeout = 30_000 }: Question = {}): Promise<Answer> {
  const body = form === undefined ? undefined : new URLSearchParams(form).toString();
  return new Promise((settle, reject) => {
    const options = {
      agent: false,
      ...(body === undefined
        ? {}
        : { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" } }),
      signal: AbortSignal.timeout(timeout),
    } as const;
    const request = http.request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode = 0, headers } = response;
        settle({ status: statusCode, headers, body: Buffer.concat(chunks).toString() });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** The body of what a page answers. */
export async function askOnce(url: string): Promise<string> {
  return (await answerOf(url)).body;
}
