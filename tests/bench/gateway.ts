import type { Agent } from "node:http";
import http from "node:http";
import https from "node:https";
import { performance } from "node:perf_hooks";
import type { KubeObject } from "../../components/kube/object";
import { edgeApp } from "../live/gateway/apps";
import { Edge } from "../live/gateway/edge";
import { Issuer } from "../live/gateway/token";
import { askOnce } from "../support/ask";
import { eventually } from "../support/embedded";
import { askGateway } from "../support/gateway";

export interface GatewayRow {
  readonly what: string;
  readonly requestsPerSecond?: number;
  readonly p50Milliseconds?: number;
  readonly p99Milliseconds?: number;
  readonly seconds?: number;
}

/** Requests of each measurement, and connections that carry them. */
const requests = 3000;
const connections = 8;
const straightPort = 30_990;

/** A load balancer's way to the pods that leads past the gateway. */
const straight: KubeObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "straight", namespace: "edge" },
  spec: {
    type: "LoadBalancer",
    allocateLoadBalancerNodePorts: false,
    selector: { "app.kubernetes.io/name": "web", "app.kubernetes.io/part-of": "edge" },
    ports: [{ name: "http", port: straightPort, targetPort: 8080 }],
  },
};

/**
 * Requests over kept connections from this machine, through the gateway with TLS and, in the same run, past it to the same pods; the time
 * from an app's objects to its first answer, and from a changed route to the first answer that shows it.
 */
export async function bench(): Promise<readonly GatewayRow[]> {
  const edge = await Edge.start("edge-bench");
  try {
    const issuer = new Issuer();
    const runVersion = async (version: string): Promise<number> => {
      const start = performance.now();
      await edge.run(edgeApp(edge.image, edge.domain, issuer, version));
      await eventually(async () => {
        const { headers } = await askGateway(edge.url("strict"), edge.access);
        if (headers["x-version"] !== version) throw new Error(`still ${String(headers["x-version"])}`);
      }, 240_000);
      return (performance.now() - start) / 1000;
    };
    const first = await runVersion("zero");
    await edge.apply(straight);
    const plain = `http://${edge.access.address}:${straightPort}/`;
    await eventually(() => askOnce(plain), 60_000);
    const past = await measure((agent) => get(plain, agent), new http.Agent(keeping));
    const through = await measure(async (agent) => {
      await askGateway(edge.url("plain"), edge.access, { agent });
    }, new https.Agent(keeping));
    return [
      { what: "an app's objects applied, to its first 200 through the gateway", seconds: first },
      { what: "a changed route applied, to the first answer that shows it", seconds: await runVersion("one") },
      { what: "straight to the pods", ...past },
      { what: "through the gateway, with TLS", ...through },
    ];
  } finally {
    await edge.delete();
  }
}

const keeping = { keepAlive: true, maxSockets: connections };

async function measure(ask: (agent: Agent) => Promise<void>, agent: Agent): Promise<Omit<GatewayRow, "what">> {
  const times: number[] = [];
  let left = requests;
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const start = performance.now();
      await ask(agent);
      times.push(performance.now() - start);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, client));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  times.sort((one, other) => one - other);
  const percentile = (share: number): number => times[Math.floor((times.length - 1) * share)] ?? 0;
  return {
    requestsPerSecond: times.length / seconds,
    p50Milliseconds: percentile(0.5),
    p99Milliseconds: percentile(0.99),
  };
}

async function get(url: string, agent: Agent): Promise<void> {
  return new Promise((settle, reject) => {
    http
      .get(url, { agent }, (response) => {
        response.resume();
        response.on("end", () => {
          settle();
        });
      })
      .on("error", reject);
  });
}
