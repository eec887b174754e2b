import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { clientNames, type Client } from "./certificates";
import { writePrivate } from "./files";
import type { Instance } from "./instance";
import type { Layout } from "./layout";
import { apiServerPort } from "./network";

/** Writes a kubeconfig for every part of the node, and one for the person, who comes in by loopback. */
export async function writeKubeconfigs(instance: Instance, layout: Layout): Promise<void> {
  const inside = `https://${instance.link.node}:${apiServerPort}`;
  await Promise.all([
    ...clientNames.map(async (client) =>
      writePrivate(kubeconfigOf(layout, client), await kubeconfig(layout, client, client, inside)),
    ),
    writePrivate(
      layout.kubeconfig,
      await kubeconfig(layout, "admin", `petrichor-${instance.name}`, apiServerAddress(instance)),
    ),
  ]);
}

/** Kubeconfig of a part of the node. */
export function kubeconfigOf(layout: Layout, client: Client): string {
  return join(layout.configuration, `${client}.kubeconfig`);
}

/** The API server as the host reaches it. */
export function apiServerAddress({ ports }: Instance): string {
  return `https://127.0.0.1:${ports.api}`;
}

async function kubeconfig(layout: Layout, client: Client, name: string, server: string): Promise<string> {
  const encoded = async (file: string): Promise<string> => (await readFile(join(layout.pki, file))).toString("base64");
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": await encoded("ca.crt") } }],
    users: [
      {
        name,
        user: {
          "client-certificate-data": await encoded(`${client}.crt`),
          "client-key-data": await encoded(`${client}.key`),
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
