import { request } from "node:https";
import type { KubeObject } from "../../../components/kube/object";
import { kinds } from "../../../policies/kinds";
import type { ControlPlane } from "../provider/control-plane";

/** What an API server answered. */
export interface Said {
  readonly status: number;
  /** Names of the rules that it warned of, in order. */
  readonly warned: readonly string[];
  readonly text: string;
}

const resources = new Map<string, string>(Object.values(kinds).map(({ kind, resource }) => [kind, resource]));

/** Whether an API server without custom resources has a place for the object. */
export function isServed({ apiVersion }: Pick<KubeObject, "apiVersion">): boolean {
  return !/gateway|keda/.test(apiVersion);
}

/** Where objects of a kind are made. */
export function collection({ apiVersion, kind, metadata }: KubeObject): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${group}${namespace}/${resources.get(kind) ?? ""}`;
}

/** Sends a request and reads the warnings of policies from the answer. */
export async function send(plane: ControlPlane, method: string, path: string, body?: object): Promise<Said> {
  return new Promise((resolve, reject) => {
    const sent = request(
      plane.address + path,
      { method, rejectUnauthorized: false, headers: { ...plane.authorization, "content-type": "application/json" } },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (more: string) => (text += more));
        answer.once("end", () => {
          const warnings = [answer.headers.warning ?? []].flat().join("\n");
          const warned = [...warnings.matchAll(/with binding '[^']+': ([a-z-]+)/g)].map(([, name = ""]) => name);
          resolve({ status: answer.statusCode ?? 0, warned: [...new Set(warned)].sort(), text });
        });
      },
    );
    sent.once("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Asks as many at a time as the server answers without waiting. */
export async function sideBySide<T, U>(
  items: readonly T[],
  ask: (item: T, index: number) => Promise<U>,
  lanes = 6,
): Promise<U[]> {
  const answers = new Array<U>(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) answers[index] = await ask(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return answers;
}
