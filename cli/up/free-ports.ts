import { PetrichorError, throwAll } from "../../components/errors";
import { type KubeObject, objectKey } from "../../components/kube/object";
import type { Project } from "../../stacks/project";
import type { Kubectl } from "../kubectl";

type Protocol = "TCP" | "UDP";

interface WantedPort {
  readonly port: number;
  readonly protocol: Protocol;
  /** The object that opens it. */
  readonly by: KubeObject;
}

interface Service {
  readonly spec: { readonly type?: string; readonly ports?: readonly OpenPort[] };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } };
}

interface OpenPort {
  readonly port: number;
  readonly protocol?: string;
}

/**
 * Checks that no other program of this machine has a port that an address of the project leads through. The embedded cluster gives its
 * addresses on loopback, where everybody's programs listen.
 * @throws PetrichorErrors PORT_IN_USE
 */
export async function requireFreePorts(project: Project, address: string, kubectl: Kubectl): Promise<void> {
  const { isDatagramPortFree, isPortFree } = await import("../../toolchain/cluster/addresses");
  const wanted = wantedPorts([
    ...project.platform.engines.flatMap(({ objects }) => objects),
    ...project.apps.flatMap(({ objects }) => objects),
  ]);
  const free = await Promise.all(
    wanted.map(({ port, protocol }) => (protocol === "UDP" ? isDatagramPortFree : isPortFree)(address, port)),
  );
  const busy = wanted.filter((_, index) => free[index] === false);
  if (busy.length === 0) return;
  const own = await portsOfCluster(kubectl);
  throwAll(
    busy
      .filter(({ port, protocol }) => !own.has(`${protocol} ${port}`))
      .map(({ port, protocol, by }) => {
        const what = `${protocol} port ${port} of ${address}, which ${objectKey(by)} leads through, is used by another program of this machine.`;
        return new PetrichorError("PORT_IN_USE", what, "End that program, or give the address another port.");
      }),
  );
}

/** The ports that objects open on the load balancer's address. */
export function wantedPorts(objects: readonly KubeObject[]): WantedPort[] {
  return objects.flatMap((by) =>
    openedBy(by).map(({ port, protocol }) => ({
      port,
      protocol: protocol === "UDP" ? ("UDP" as const) : ("TCP" as const),
      by,
    })),
  );
}

function openedBy({ kind, spec }: KubeObject): readonly OpenPort[] {
  const {
    type,
    ports = [],
    listeners = [],
  } = (spec ?? {}) as {
    readonly type?: string;
    readonly ports?: readonly OpenPort[];
    readonly listeners?: readonly OpenPort[];
  };
  if (kind === "Service") return type === "LoadBalancer" ? ports : [];
  return kind === "Gateway" || kind === "ListenerSet" ? listeners : [];
}

/** The ports that the cluster's own load balancer answers on, as `TCP 80`. */
async function portsOfCluster(kubectl: Kubectl): Promise<ReadonlySet<string>> {
  const { items } = await kubectl.json<{ items: readonly Service[] }>("get", "services", "--all-namespaces");
  const answering = items.filter(({ status }) => (status?.loadBalancer?.ingress ?? []).length > 0);
  return new Set(
    answering.flatMap(({ spec }) => (spec.ports ?? []).map(({ port, protocol = "TCP" }) => `${protocol} ${port}`)),
  );
}
