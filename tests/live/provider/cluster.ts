import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runTool } from "../../support/embedded";
import type { Kind } from "./kinds";

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly labels?: Record<string, string>;
    readonly finalizers?: readonly string[];
    readonly managedFields?: readonly { readonly manager: string; readonly operation: string }[];
  };
  readonly spec?: Record<string, unknown>;
  readonly status?: Record<string, unknown>;
}

/** The server's side of a test, seen and changed with kubectl, as somebody else than Pulumi would. */
export class Server {
  constructor(
    readonly kubeconfig: string,
    private readonly folder: string,
  ) {}

  kubectl(...args: readonly string[]): Promise<string> {
    return runTool("kubectl", "--kubeconfig", this.kubeconfig, ...args);
  }

  async apply(object: object, ...flags: readonly string[]): Promise<void> {
    const file = join(this.folder, `object-${process.hrtime.bigint()}.json`);
    writeFileSync(file, JSON.stringify(object));
    await this.kubectl("apply", "--filename", file, ...flags);
  }

  /** All objects of these resources in the cluster, by one request. */
  async list(resources: readonly string[]): Promise<readonly KubeObject[]> {
    const found = await this.kubectl(
      "get",
      resources.join(","),
      "--all-namespaces",
      "-o=json",
      "--show-managed-fields",
    );
    return (JSON.parse(found) as { items: readonly KubeObject[] }).items;
  }

  async patch(kind: Kind, namespace: string, name: string, patch: object, ...flags: readonly string[]): Promise<void> {
    const body = JSON.stringify(patch);
    await this.kubectl(
      "patch",
      resourceOf(kind),
      name,
      ...scope(kind, namespace),
      "--type=merge",
      `--patch=${body}`,
      ...flags,
    );
  }

  /** Waits until the object is being deleted. */
  async waitForDeletion(kind: Kind, namespace: string, name: string): Promise<void> {
    const path = "jsonpath={.metadata.deletionTimestamp}";
    await this.kubectl(
      "wait",
      `${resourceOf(kind)}/${name}`,
      ...scope(kind, namespace),
      `--for=${path}`,
      "--timeout=60s",
    );
  }

  async remove(kind: Kind, namespace: string, name: string): Promise<void> {
    await this.kubectl(
      "delete",
      resourceOf(kind),
      name,
      ...scope(kind, namespace),
      "--ignore-not-found",
      "--timeout=60s",
    );
  }
}

export const resourceOf = ({ plural, apiVersion }: Kind): string =>
  apiVersion.includes("/") ? `${plural}.${apiVersion.slice(0, apiVersion.indexOf("/"))}` : plural;

const scope = (kind: Kind, namespace: string): readonly string[] =>
  kind.clusterScoped === true ? [] : [`--namespace=${namespace}`];

/** How long slow things take, in milliseconds. */
export const slowness = 3000;

/**
 * Plays the controllers that the cluster does not have: an ingress controller, a provisioner of the class "late", and an
 * operator of widgets. Each acts at once on what is classed `ready`, after `slowness` on what is `slow`, never on the rest.
 */
export async function playControllers(server: Server, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const objects = await server
      .list(["ingresses", "persistentvolumeclaims", "widgets.petrichor.test"])
      .catch(() => []);
    await Promise.allSettled(objects.map((object) => actOn(server, object)));
    await sleep(pollInterval, undefined, { signal: until }).catch(() => undefined);
  }
}

const pollInterval = 500;
const age = ({ metadata }: KubeObject): number => Date.now() - Date.parse(metadata.creationTimestamp);

async function actOn(server: Server, object: KubeObject): Promise<void> {
  const late = age(object) > slowness;
  const { spec = {}, status = {} } = object;
  switch (object.kind) {
    case "Ingress": {
      const given = (status["loadBalancer"] as { ingress?: object[] } | undefined)?.ingress !== undefined;
      const due = spec["ingressClassName"] === "now" || (spec["ingressClassName"] === "late" && late);
      if (!given && due) await patchStatus(server, object, { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } });
      break;
    }
    case "PersistentVolumeClaim":
      if (spec["storageClassName"] === "late" && status["phase"] === "Pending" && late) await provision(server, object);
      break;
    case "Widget":
      if (object.status === undefined && spec["class"] === "slow" && late) {
        await patchStatus(server, object, { conditions: [{ type: "Ready", status: "True" }] });
      }
  }
}

async function provision(server: Server, { metadata, spec }: KubeObject): Promise<void> {
  await server.apply({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `late-${metadata.uid}` },
    spec: {
      capacity: { storage: "1Mi" },
      accessModes: spec?.["accessModes"],
      storageClassName: "late",
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { namespace: metadata.namespace, name: metadata.name },
      hostPath: { path: "/nowhere" },
    },
  });
}

async function patchStatus(server: Server, { kind, metadata }: KubeObject, status: object): Promise<void> {
  const where = `--namespace=${metadata.namespace ?? ""}`;
  const patch = `--patch=${JSON.stringify({ status })}`;
  await server.kubectl(
    "patch",
    kind.toLowerCase(),
    metadata.name,
    where,
    "--subresource=status",
    "--type=merge",
    patch,
  );
}
