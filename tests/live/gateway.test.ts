import { randomUUID } from "node:crypto";
import https from "node:https";
import path from "node:path";
import { eventually, describeEmbedded } from "../support/embedded";
import { type Answer, askGateway, type Question } from "../support/gateway";
import { edgeApp } from "./gateway/apps";
import { base64, type Certificate, makeCertificate, tlsData } from "./gateway/certificates";
import { callGrpc, echoBySocket } from "./gateway/clients";
import { Edge, patience } from "./gateway/edge";
import { testPorts } from "./gateway/ports";
import { Issuer } from "./gateway/token";

jest.setTimeout(600_000);

/** What the echo program tells of a request. */
interface Echo {
  readonly name: string;
  readonly replica: string;
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

describeEmbedded("the gateway", () => {
  const issuer = new Issuer();
  let edge: Edge;
  let own: Certificate;
  let client: Certificate;

  beforeAll(async () => {
    edge = await Edge.start("edge");
    own = await makeCertificate(path.join(edge.home, "own"), [`own.${edge.domain}`]);
    client = await makeCertificate(path.join(edge.home, "client"), []);
    await edge.run(edgeApp(edge.image, edge.domain, issuer));
    const secret = (name: string, type: string, data: Record<string, string>) =>
      edge.apply({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "edge" }, type, data } as never);
    await secret("own", "kubernetes.io/tls", tlsData(own));
    await secret("clients", "Opaque", { "ca.crt": base64(client.authority) });
    await edge.kubectl("-n", "edge", "wait", "--for=condition=Available", "deployment", "--all", "--timeout=240s");
  });
  afterAll(async () => {
    await edge.delete();
  });

  const ask = (host: string, rest = "/", question: Question = {}): Promise<Answer> =>
    askGateway(edge.url(host, rest), edge.access, question);

  /** Asks until the gateway knows the host and answers so. */
  async function expectAnswer(
    expected: Partial<Answer>,
    host: string,
    rest = "/",
    question: Question = {},
  ): Promise<Answer> {
    return eventually(async () => {
      const answer = await ask(host, rest, question);
      expect(answer).toMatchObject(expected);
      return answer;
    }, patience);
  }

  const told = ({ body }: Answer): Echo => JSON.parse(body) as Echo;

  test("leads a host to its workload by TLS that the client verifies", async () => {
    expect(told(await expectAnswer({ status: 200 }, "plain"))).toMatchObject({
      name: "web",
      host: `plain.${edge.domain}`,
    });
  });

  test("redirects", async () => {
    await expectAnswer({ status: 301, location: edge.url("rules", "/new") }, "rules", "/old");
    await expectAnswer({ status: 302, location: edge.url("plain", "/there/it/is") }, "rules", "/moved/it/is");
  });

  test("rewrites", async () => {
    const prefix = told(await expectAnswer({ status: 200 }, "rules", "/outer/a?b=1"));
    expect(prefix).toMatchObject({ path: "/inner/a?b=1", host: "inside.example.com" });
    expect(told(await ask("rules", "/items/42"))).toMatchObject({ path: "/things/42" });
  });

  test("tells requests apart by header, method, query and exact path", async () => {
    const name = async (rest: string, question: Question = {}): Promise<string> =>
      told(await ask("rules", rest, question)).name;
    expect(await name("/beta", { headers: { "x-beta": "true" } })).toBe("next");
    expect(await name("/beta", { headers: { "x-beta": "never" } })).toBe("web");
    expect(await name("/post", { method: "POST" })).toBe("next");
    expect(await name("/post")).toBe("web");
    expect(await name("/search?version=2")).toBe("next");
    expect(await name("/search?version=1")).toBe("web");
    expect(await ask("rules", "/teapot")).toMatchObject({ status: 418, body: "short and stout" });
    expect(await name("/teapot/lid")).toBe("web");
  });

  test("changes the headers of requests", async () => {
    const { headers } = told(await ask("rules", "/", { headers: { "x-secret": "s", "x-edge": "no" } }));
    expect(headers["x-edge"]).toBe("yes");
    expect(headers).not.toHaveProperty("x-secret");
  });

  test("splits requests by weight, within 3 points over 2000", async () => {
    await expectAnswer({ status: 200 }, "split");
    const agent = new https.Agent({ keepAlive: true, maxSockets: 8 });
    const names: string[] = [];
    const worker = async (): Promise<void> => {
      for (let count = 0; count < 250; count++) names.push(told(await ask("split", "/", { agent })).name);
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    agent.destroy();
    expect(names).toHaveLength(2000);
    const share = (names.filter((name) => name === "next").length / names.length) * 100;
    expect(Math.abs(share - 10)).toBeLessThanOrEqual(3);
  });

  test("gives up on an answer that takes too long", async () => {
    await expectAnswer({ status: 200 }, "slow", "/slow?ms=10");
    const before = Date.now();
    expect((await ask("slow", "/slow?ms=20000")).status).toBe(504);
    expect(Date.now() - before).toBeGreaterThanOrEqual(450);
  });

  test("tries again what failed", async () => {
    await expectAnswer({ status: 200 }, "retried");
    const failing = await eventually(async () => {
      const answer = await ask("retried", `/flaky?key=${randomUUID()}&failures=1`);
      expect(answer.status).toBe(200);
      return answer;
    });
    expect(JSON.parse(failing.body)).toMatchObject({ tries: expect.any(Number) as number });
    await expectAnswer({ status: 503 }, "plain", `/flaky?key=${randomUUID()}&failures=1`);
  });

  test("limits requests, all together or by client", async () => {
    await expectAnswer({ status: 429 }, "limited");
    await expectAnswer({ status: 429 }, "fair");
  });

  test("lets in and keeps out by address", async () => {
    await expectAnswer({ status: 403 }, "blocked");
    await expectAnswer({ status: 403 }, "denied");
    await expectAnswer({ status: 200 }, "welcome");
  });

  test("answers the questions of browsers about other origins", async () => {
    const preflight = (origin: string): Question => ({
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "PUT", "access-control-request-headers": "x-token" },
    });
    const { headers } = await expectAnswer({ status: 200 }, "cors", "/", preflight("https://shop.example.com"));
    expect(headers).toMatchObject({
      "access-control-allow-origin": "https://shop.example.com",
      "access-control-allow-methods": "PUT",
      "access-control-allow-headers": "x-token",
      "access-control-max-age": "3600",
    });
    const other = await ask("cors", "/", preflight("https://evil.example.com"));
    expect(other.headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("fails and delays requests where a test asks for it", async () => {
    await expectAnswer({ status: 418 }, "faulty");
    await eventually(async () => {
      const before = Date.now();
      expect((await ask("delayed")).status).toBe(200);
      expect(Date.now() - before).toBeGreaterThanOrEqual(690);
    }, patience);
  });

  test("lets in requests with a token that fits, and tells the workload whose it is", async () => {
    await expectAnswer({ status: 401 }, "token");
    const bearer = (claims: object): Question => ({
      headers: { authorization: `Bearer ${issuer.token({ aud: "shop", ...claims })}` },
    });
    const { headers } = told(await expectAnswer({ status: 200 }, "token", "/", bearer({ sub: "ann", role: "admin" })));
    expect(headers["x-user"]).toBe("ann");
    expect((await ask("token", "/", bearer({ role: "guest" }))).status).toBe(403);
    expect((await ask("token", "/", bearer({ aud: "other", role: "admin" }))).status).toBe(403);
    const stranger = new Issuer().token({ aud: "shop", role: "admin" });
    expect((await ask("token", "/", { headers: { authorization: `Bearer ${stranger}` } })).status).toBe(401);
  });

  test("leads a client to the same replica", async () => {
    const first = await eventually(async () => {
      const answer = await ask("sticky");
      expect(answer.headers["set-cookie"]).toBeDefined();
      return answer;
    }, patience);
    const cookie = first.headers["set-cookie"]?.[0] ?? "";
    expect(cookie).toMatch(/secure/i);
    const replicas = new Set([told(first).replica]);
    for (let count = 0; count < 20; count++) {
      replicas.add(told(await ask("sticky", "/", { headers: { cookie: cookie.split(";")[0] ?? "" } })).replica);
    }
    expect(replicas.size).toBe(1);
    const others = new Set<string>();
    for (let count = 0; count < 40; count++) others.add(told(await ask("sticky")).replica);
    expect(others.size).toBe(2);
  });

  test("compresses answers", async () => {
    for (const encoding of ["gzip", "br", "zstd"]) {
      await eventually(async () => {
        const { headers } = await ask("packed", "/big", { headers: { "accept-encoding": encoding } });
        expect(headers["content-encoding"]).toBe(encoding);
      }, patience);
    }
    expect((await ask("plain", "/big", { headers: { "accept-encoding": "gzip" } })).headers).not.toHaveProperty(
      "content-encoding",
    );
  });

  test("refuses bodies that are too large", async () => {
    await expectAnswer({ status: 413 }, "small", "/", { method: "POST", body: "x".repeat(5000) });
    expect((await ask("small", "/", { method: "POST", body: "x".repeat(500) })).status).toBe(200);
  });

  test("shows a page while a workload is under maintenance", async () => {
    const { headers } = await expectAnswer({ status: 503, body: "<h1>Back at noon</h1>" }, "closed");
    expect(headers).toMatchObject({ "retry-after": "120", "content-type": "text/html; charset=utf-8" });
  });

  test("tells browsers to be strict, and changes the headers of answers", async () => {
    const { headers } = await expectAnswer({ status: 200 }, "strict");
    expect(headers).toMatchObject({
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "x-team": "shop",
    });
  });

  test("keeps more away from a workload than it can carry", async () => {
    await expectAnswer({ status: 200 }, "narrow", "/slow?ms=1");
    await eventually(async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => ask("narrow", "/slow?ms=700")));
      const statuses = answers.map(({ status }) => status);
      expect(statuses).toContain(503);
      expect(statuses).toContain(200);
    }, patience);
  });

  test("uses the certificate of a host's own", async () => {
    await eventually(async () => {
      const answer = await askGateway(edge.url("own"), { ...edge.access, authority: own.authority });
      expect(answer.status).toBe(200);
    }, patience);
  });

  test("asks clients for their certificates", async () => {
    const { certificate: cert, key } = client;
    await expectAnswer({ status: 200 }, "mutual", "/", { cert, key });
    await expect(ask("mutual")).rejects.toThrow(/certificate required|ECONNRESET|alert/i);
  });

  test("passes WebSockets on", async () => {
    await eventually(async () => {
      expect(await echoBySocket(`plain.${edge.domain}`, "drip", edge.access)).toBe("drip");
    }, patience);
  });

  test("passes gRPC on, by service", async () => {
    const host = `calls.${edge.domain}`;
    await eventually(async () => {
      const answer = await callGrpc(host, "/petrichor.test.Echo/Say", "drop", edge.access);
      expect(answer).toEqual({ message: "drop", status: "0" });
    }, patience);
    expect(await callGrpc(host, "/petrichor.test.Other/Say", "drop", edge.access)).toMatchObject({ status: "12" });
  });

  test("writes what it did as lines of JSON", async () => {
    const mark = randomUUID();
    await ask("plain", `/${mark}`);
    await eventually(async () => {
      const selector = "gateway.envoyproxy.io/owning-gateway-name=public";
      const log = await edge.kubectl("-n", "petrichor-gateway", "logs", "-l", selector, "-c", "envoy", "--tail=-1");
      const line = log.split("\n").find((one) => one.includes(mark)) ?? "{}";
      expect(JSON.parse(line)).toMatchObject({
        method: "GET",
        path: `/${mark}`,
        status: 200,
        host: `plain.${edge.domain}`,
      });
    });
  });

  testPorts(() => edge);
});
