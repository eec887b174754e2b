import type { KubeObject } from "../kube/object";
import type { Objects } from "../kube/objects";

type Container = NonNullable<NonNullable<Objects["Deployment"]["spec"]>["template"]["spec"]>["containers"][number];

/** What is changed in the one container of an upstream Deployment. */
export interface ContainerChange {
  readonly image: string;
  /** Default: upstream's. */
  readonly command?: readonly string[];
  /** Arguments put behind upstream's. Default: none. */
  readonly moreArgs?: readonly string[];
  /** Variables put behind upstream's; one of the same name is replaced. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
  /** Requested CPU and memory, and the most memory. */
  readonly resources: { readonly cpu: string; readonly memory: string; readonly memoryLimit: string };
}

/**
 * Changes the one container of an upstream Deployment; everything else stays as it is. A readiness check that upstream lets wait for
 * many seconds begins at once: it is harmless, and every `up` waits for it.
 * @throws TypeError where the Deployment has several containers: such a one wants a change of its own
 */
export function changeContainer(object: KubeObject, change: ContainerChange): KubeObject {
  const deployment = structuredClone(object) as unknown as Objects["Deployment"];
  const containers = deployment.spec?.template.spec?.containers ?? [];
  const [container] = containers;
  if (container === undefined || containers.length > 1) {
    throw new TypeError(`Deployment ${object.metadata.name} has ${containers.length} containers`);
  }
  container.image = change.image;
  container.imagePullPolicy = "IfNotPresent";
  if (change.command !== undefined) container.command = [...change.command];
  container.args = [...(container.args ?? []), ...(change.moreArgs ?? [])];
  container.env = withVariables(container.env ?? [], change.env ?? {});
  const { cpu, memory, memoryLimit } = change.resources;
  container.resources = { requests: { cpu, memory }, limits: { memory: memoryLimit } };
  if (container.readinessProbe !== undefined) {
    container.readinessProbe = { ...container.readinessProbe, initialDelaySeconds: 0, periodSeconds: 2 };
  }
  return deployment as unknown as KubeObject;
}

function withVariables(
  written: NonNullable<Container["env"]>,
  more: Readonly<Record<string, string>>,
): NonNullable<Container["env"]> {
  const kept = written.filter(({ name }) => !Object.hasOwn(more, name));
  return [...kept, ...Object.entries(more).map(([name, value]) => ({ name, value }))];
}
