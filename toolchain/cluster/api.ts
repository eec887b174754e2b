import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import type { KubeObject } from "../../components/kube/object";
import type { ClusterTools } from "./configuration/write";
import { runWithInput } from "./files";
import type { Instance } from "./instance";
import type { Layout } from "./layout";

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Milliseconds after which a question counts as not answered. */
const patience = 2000;

/** Asks the API server as the cluster's administrator; undefined when it doesn't answer. */
async function get(instance: Instance, layout: Layout, path: string): Promise<Answer | undefined> {
  const [ca, cert, key] = await Promise.all(
    ["ca.crt", "admin.crt", "admin.key"].map((file) => readFile(join(layout.pki, file)).catch(() => undefined)),
  );
  if (ca === undefined || cert === undefined || key === undefined) return undefined;
  const options = { host: "127.0.0.1", port: instance.ports.api, path, ca, cert, key, agent: false, timeout: patience };
  return new Promise((resolve) => {
    const asked = request(options, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.once("end", () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => {
      resolve(undefined);
    });
    asked.end();
  });
}

/** Whether the API server says that it is ready. */
export async function isApiReady(instance: Instance, layout: Layout): Promise<boolean> {
  return (await get(instance, layout, "/readyz"))?.status === 200;
}

interface NodeObject {
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastHeartbeatTime: string;
    }[];
  };
}

/**
 * Whether the node says that pods can be started on it.
 *
 * @param since what it said before does not count: after a restart the API server still has the last word of the run before
 */
export async function isNodeReady(instance: Instance, layout: Layout, since = new Date(0)): Promise<boolean> {
  const answer = await get(instance, layout, `/api/v1/nodes/${instance.name}`);
  if (answer?.status !== 200) return false;
  const ready = (JSON.parse(answer.body) as NodeObject).status?.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "True" && new Date(ready.lastHeartbeatTime) >= since;
}

/** Makes the objects what they should be; fields that others have set stay as they are. */
export async function applyObjects(layout: Layout, tools: ClusterTools, objects: readonly KubeObject[]): Promise<void> {
  const args = [
    ...["--kubeconfig", layout.kubeconfig, "--cache-dir", join(layout.data, "kubectl")],
    ...["apply", "--server-side", "--force-conflicts", "--field-manager=petrichor-cluster", "--filename=-"],
  ];
  await runWithInput(tools.kubectl, args, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
}
