import type { Project } from "../../stacks/project";

/** Who calls whom: what the picture of a report shows. */
export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

export interface TopologyNode {
  /** `shop/web` */
  readonly id: string;
  readonly app: string;
  readonly label: string;
  readonly kind: string;
  /** Whether it has an address for others. */
  readonly isPublic: boolean;
}

/** The workloads of a project and the links between them. Pure. */
export function topologyOf({ apps }: Pick<Project, "apps">): Topology {
  const workloads = apps.flatMap(({ model }) => model.workloads.map((workload) => ({ app: model.name, workload })));
  const nodes = workloads.map(({ app, workload }) => ({
    id: `${app}/${workload.name}`,
    app,
    label: workload.name,
    kind: workload.kind,
    isPublic: "expose" in workload && workload.expose.length > 0,
  }));
  const known = new Set(nodes.map(({ id }) => id));
  const edges = workloads
    .flatMap(({ app, workload }) =>
      workload.calls.map((call) => ({ from: `${app}/${workload.name}`, to: `${call.app}/${call.workload}` })),
    )
    .filter(({ to }) => known.has(to));
  return { nodes, edges };
}

/** Columns of a picture: each workload stands to the right of those that call it. Those in a circle stand where it was entered. */
export function columnsOf({ nodes, edges }: Topology): readonly (readonly TopologyNode[])[] {
  const depth = new Map<string, number>();
  const place = (id: string, at: number, path: readonly string[]): void => {
    if (path.includes(id) || (depth.get(id) ?? -1) >= at) return;
    depth.set(id, at);
    for (const { to } of edges.filter(({ from }) => from === id)) place(to, at + 1, [...path, id]);
  };
  const called = new Set(edges.map(({ to }) => to));
  for (const { id } of nodes) if (!called.has(id)) place(id, 0, []);
  for (const { id } of nodes) if (!depth.has(id)) place(id, 0, []);
  const columns = Math.max(0, ...[...depth.values()].map((one) => one + 1));
  return Array.from({ length: columns }, (_, column) => nodes.filter(({ id }) => depth.get(id) === column));
}
