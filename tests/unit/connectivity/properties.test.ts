import * as fc from "fast-check";
import { resolveApps } from "../../../components/app/model/resolve";
import type { AppModel, WorkloadModel } from "../../../components/app/model/types";
import { appObjects } from "../../../components/app/objects/app";
import { emptyRelease } from "../../../components/app/release";
import { PetrichorError, PetrichorErrors } from "../../../components/errors";
import { type Connection, connections } from "../../../components/connectivity/connections";
import { portsText } from "../../../components/connectivity/text";
import { facts, image } from "../../support/apps";

const names = ["alpha", "beta", "gamma", "delta"] as const;
const port = fc.integer({ min: 1024, max: 9000 });

/** What one workload is, before anybody links to it. */
const shape = fc.record({
  kind: fc.constantFrom("service", "stateful", "worker", "cron", "daemon"),
  port,
  protocol: fc.constantFrom("http", "tcp", "udp"),
  exposed: fc.boolean(),
  metrics: fc.boolean(),
  replicas: fc.integer({ min: 1, max: 3 }),
  egress: fc.subarray(["internet" as const, { cidr: "10.20.0.0/16", ports: [443] }]),
  hook: fc.boolean(),
  links: fc.subarray([...names, "other/alpha", "other/beta"]),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

const shapes = fc.record({ shop: fc.array(shape, { minLength: 2, maxLength: 4 }), other: fc.tuple(shape, shape) });

function listens({ kind }: Shape): boolean {
  return kind === "service" || kind === "stateful" || kind === "daemon";
}

function definition(name: string, all: readonly Shape[], targets: ReadonlyMap<string, Shape>): object {
  const workloads = all.map((one, index) => [names[index], workload(name, one, targets)]);
  return { name, workloads: Object.fromEntries(workloads) as object };
}

function workload(app: string, one: Shape, targets: ReadonlyMap<string, Shape>): object {
  const linked = one.links.filter((to) => {
    const target = targets.get(to.includes("/") ? to : `${app}/${to}`);
    return target !== undefined && listens(target);
  });
  const links = Object.fromEntries(linked.map((to, index) => [`L${index}`, { to, wait: false }]));
  const expose = one.protocol === "udp" || one.protocol === "tcp" ? [{ l4: one.port }] : [{ host: "auto" }];
  const listening = { port: one.port, protocol: one.protocol, ...(one.metrics ? { ports: { metrics: 9999 } } : {}) };
  return {
    kind: one.kind,
    image,
    links,
    egress: one.egress,
    ...(listens(one) ? listening : {}),
    ...(one.exposed && (one.kind === "service" || one.kind === "stateful") ? { expose } : {}),
    ...(one.kind === "cron" ? { schedule: "0 6 * * *" } : { ...(one.hook ? { preDeploy: { migrate: {} } } : {}) }),
    ...(one.kind === "stateful" || one.kind === "service" ? { replicas: one.replicas } : {}),
  };
}

const protocolOf = (protocol: string): string => (protocol === "udp" ? "udp" : "tcp");

/** What the definitions say must be open, as `from → to port`, and nothing else. */
function expected(models: readonly AppModel[], gateway: boolean): string[] {
  return models.flatMap(({ workloads }) => workloads.flatMap((one) => expectedOf(one, models, gateway)));
}

function expectedOf(one: WorkloadModel, models: readonly AppModel[], gateway: boolean): string[] {
  const all = models.flatMap(({ workloads }) => workloads);
  const calls = one.calls.flatMap((edge) => {
    const target = all.find(({ app, name }) => app === edge.app && name === edge.workload);
    const open = `${edge.port.port}/${protocolOf(edge.port.protocol)}`;
    return target === undefined ? [] : [[mainOf(target), open] as const];
  });
  const among =
    one.kind === "stateful" && one.replicas > 1
      ? one.ports.map((each) => [mainOf(one), `${each.port}/${protocolOf(each.protocol)}`] as const)
      : [];
  const exposed =
    "expose" in one ? one.expose.map((each) => `${each.port.port}/${protocolOf(each.port.protocol)}`) : [];
  const from = gateway ? ["gateway"] : ["gateway", "telemetry", "DNS", "other pods", "anywhere outside the cluster"];
  const metrics = "ports" in one && one.ports.some(({ name }) => name === "metrics");
  const into = [
    ...exposed.flatMap((open) => from.map((who) => `${who} → ${mainOf(one)} ${open}`)),
    ...(metrics ? [`telemetry → ${mainOf(one)} 9999/tcp`] : []),
  ];
  const out = podsOf(one).flatMap((name) => [
    ...[...calls, ...among].map(([to, open]) => `${name} → ${to} ${open}`),
    ...["53/tcp", "53/udp"].map((open) => `${name} → DNS ${open}`),
    ...["4317/tcp", "4318/tcp"].map((open) => `${name} → telemetry ${open}`),
    ...one.egress.flatMap((to) =>
      to === "internet"
        ? ["IPv4", "IPv6"].flatMap((version) =>
            ["tcp", "udp", "sctp"].map((protocol) => `${name} → the internet (${version}) 1-65535/${protocol}`),
          )
        : [`${name} → ${to.cidr} 443/tcp`],
    ),
  ]);
  return [...into, ...out];
}

function mainOf(one: WorkloadModel): string {
  return `${one.namespace}/${one.name}`;
}

/** Deploy jobs reach what their workload reaches; they have no ports, so nobody reaches them. */
function podsOf(one: WorkloadModel): string[] {
  const hooks = "preDeploy" in one ? one.preDeploy.map(({ objectName }) => `${one.namespace}/${objectName}`) : [];
  return [mainOf(one), ...hooks];
}

function told(found: readonly Connection[]): string[] {
  const singles = found.flatMap(({ from, to, ports, protocol }) =>
    ports.flatMap(([first, last]) => {
      const count = last - first < 10 ? last - first + 1 : 1;
      return Array.from({ length: count }, (_, index) => {
        const range = count === 1 ? ([first, last] as const) : ([first + index, first + index] as const);
        return `${from.name} → ${to.name} ${portsText([range], protocol)}`;
      });
    }),
  );
  return [...new Set(singles)].sort();
}

test.each([true, false])(
  "a way is open exactly when a link, an address or an allow-list says so (gateway: %s)",
  (gateway) => {
    fc.assert(
      fc.property(shapes, ({ shop, other }) => {
        const targets = new Map<string, Shape>([
          ...shop.map((one, index) => [`shop/${names[index]}`, one] as const),
          ...other.map((one, index) => [`other/${names[index]}`, one] as const),
        ]);
        const definitions = [definition("shop", shop, targets), definition("other", other, targets)];
        const models = resolveFreely(definitions);
        fc.pre(models !== undefined);
        const objects = models.flatMap((model) => appObjects(model, facts, { gateway }));
        expect(told(connections(objects))).toEqual([...new Set(expected(models, gateway))].sort());
      }),
      { numRuns: 60 },
    );
  },
);

/** Ports at the load balancer may collide by chance; such apps are no apps. */
function resolveFreely(definitions: readonly object[]): readonly AppModel[] | undefined {
  try {
    return resolveApps({
      definitions: definitions.map((one, index) => ({ file: `apps/${index}/app.ts`, definition: one })),
      stack: { environment: "dev", domain: "dev.example.com" },
      release: emptyRelease,
    });
  } catch (error) {
    if (error instanceof PetrichorError || error instanceof PetrichorErrors) return undefined;
    throw error;
  }
}
