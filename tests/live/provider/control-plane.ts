import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import type { ToolPaths } from "../../../toolchain/tools";

const token = "for-tests-only";

/** etcd and an API server without nodes and controllers, on loopback; needs no root. For what pods can't help to prove. */
export class ControlPlane {
  private readonly folder = mkdtempSync(join(tmpdir(), "petrichor-control-plane-"));
  private readonly processes = new Map<string, ChildProcess>();
  private ports: readonly [number, number, number] = [0, 0, 0];

  constructor(private readonly tools: ToolPaths<"kubernetes">) {}

  async start(): Promise<this> {
    this.ports = [await freePort(), await freePort(), await freePort()];
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.write("sa.key", privateKey.export({ type: "pkcs1", format: "pem" }));
    this.write("sa.pub", publicKey.export({ type: "spki", format: "pem" }));
    this.write("tokens.csv", `${token},admin,admin,"system:masters"\n`);
    const [client, peer] = this.ports;
    this.run("etcd", [
      `--data-dir=${join(this.folder, "etcd")}`,
      `--listen-client-urls=http://127.0.0.1:${client}`,
      `--advertise-client-urls=http://127.0.0.1:${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-cluster=default=http://127.0.0.1:${peer}`,
      "--unsafe-no-fsync",
    ]);
    await this.startServer();
    return this;
  }

  async startServer(): Promise<void> {
    const [etcd, , port] = this.ports;
    this.run("kube-apiserver", [
      `--etcd-servers=http://127.0.0.1:${etcd}`,
      `--secure-port=${port}`,
      "--bind-address=127.0.0.1",
      `--cert-dir=${join(this.folder, "certificates")}`,
      `--token-auth-file=${join(this.folder, "tokens.csv")}`,
      "--authorization-mode=RBAC",
      `--service-account-key-file=${join(this.folder, "sa.pub")}`,
      `--service-account-signing-key-file=${join(this.folder, "sa.key")}`,
      "--service-account-issuer=https://kubernetes.default",
      "--service-cluster-ip-range=10.0.0.0/24",
      "--disable-admission-plugins=ServiceAccount",
      "--allow-privileged",
    ]);
    process.env["NODE_NO_WARNINGS"] = "1";
    for (;;) {
      const ready = await this.request("GET", "/readyz").catch(() => undefined);
      if (ready?.status === 200) return;
      await sleep(100);
    }
  }

  async killServer(): Promise<void> {
    await this.end("kube-apiserver", "SIGKILL");
  }

  get address(): string {
    return `https://127.0.0.1:${this.ports[2]}`;
  }

  /** Headers by which the API server takes a request for the administrator's. */
  readonly authorization = { authorization: `Bearer ${token}` };

  /** A kubeconfig for this API server, or for something in front of it. */
  kubeconfig(server = this.address): string {
    const file = join(this.folder, `kubeconfig-${Buffer.from(server).toString("hex").slice(-12)}`);
    const text = stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        { name: "it", cluster: { server, ...(server.startsWith("https") && { "insecure-skip-tls-verify": true }) } },
      ],
      users: [{ name: "it", user: { token } }],
      contexts: [{ name: "it", context: { cluster: "it", user: "it" } }],
      "current-context": "it",
    });
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  async request(method: string, path: string, body?: object, type = "application/json"): Promise<Answer> {
    const { request } = await import("node:https");
    return new Promise((resolve, reject) => {
      const sent = request(
        this.address + path,
        {
          method,
          rejectUnauthorized: false,
          headers: { ...this.authorization, "content-type": type },
          timeout: 30_000,
        },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (more: string) => (text += more));
          answer.once("end", () => {
            resolve({ status: answer.statusCode ?? 0, text });
          });
        },
      );
      sent.once("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async stop(): Promise<void> {
    // A server that lost its etcd would take minutes to end by itself.
    await this.killServer();
    await this.end("etcd", "SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(program: "etcd" | "kube-apiserver", args: readonly string[]): void {
    const log = openSync(join(this.folder, `${program}.log`), "a");
    this.processes.set(program, spawn(this.tools[program], args, { stdio: ["ignore", log, log] }));
  }

  private async end(name: string, signal: NodeJS.Signals): Promise<void> {
    const running = this.processes.get(name);
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, "exit");
    running.kill(signal);
    await ended;
  }

  private write(file: string, content: string | Buffer): void {
    writeFileSync(join(this.folder, file), content, { mode: 0o600 });
  }
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
