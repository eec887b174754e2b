import { connectionSecret } from "../links";
import { objectName, replicaClaim, routeName, tlsRouteName } from "../names";
import type { FieldPath } from "../../../input/path";
import { joinName } from "../../../kube/names";
import type { SettledApp } from "../resolve";
import type { Settled } from "../settle";
import type { Checked } from "./check";

/** Namespaces that Kubernetes and the platform have for themselves. */
const reserved = /^(default|kube-.*|petrichor-.*|keda|cert-manager|external-dns|metallb-system|local-path-storage)$/;

/** Names that an app can't have. */
export function reservedName(app: string): boolean {
  return reserved.test(app);
}

/**
 * Names of objects are made of names of workloads, and two different ones may come to the same: `a-b` with volume `c`, `a` with volume
 * `b-c`.
 */
export function checkNames({ app, name, workload, report }: Checked): void {
  const others = namesOf(app, name);
  for (const { object, path } of namesOfWorkload(name, workload)) {
    const owner = others.get(object);
    if (owner === undefined || owner >= name) continue;
    const message = `its object "${object.split(" ").at(-1) ?? ""}" would have the name of one of workload "${owner}".`;
    report("NAME_TAKEN", path, message, "Rename one of the two.");
  }
}

function namesOf({ settled }: SettledApp, except: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const [name, workload] of settled) {
    if (name === except) continue;
    for (const { object } of namesOfWorkload(name, workload)) names.set(object, name);
  }
  return names;
}

/** Name of an object, behind the kind where only objects of that kind could have it too. */
interface ObjectName {
  readonly object: string;
  readonly path: FieldPath;
}

function namesOfWorkload(name: string, workload: Settled): ObjectName[] {
  const main = objectName(workload.kind, name);
  const service = workload.kind === "stateful" ? [joinName([main, "replicas"])] : [];
  const derived = [main, ...service, connectionSecret(main), joinName([main, "public"])];
  return [
    ...derived.map((object) => ({ object, path: [] })),
    ...hookNames(name, workload),
    ...claimNames(main, workload),
    ...routeNames(main, workload),
  ];
}

function hookNames(name: string, workload: Settled): ObjectName[] {
  return (["preDeploy", "postDeploy"] as const).flatMap((phase) =>
    phase in workload
      ? Object.keys((workload as Record<typeof phase, object>)[phase]).map((hook) => ({
          object: joinName([name, hook]),
          path: [phase, hook],
        }))
      : [],
  );
}

function claimNames(main: string, workload: Settled): ObjectName[] {
  const persistent = Object.entries(workload.volumes).filter(([, volume]) => "size" in volume);
  return persistent.flatMap(([volume]) => {
    const path = ["volumes", volume];
    const claim = (object: string) => ({ object: `PersistentVolumeClaim ${object}`, path });
    if (workload.kind !== "stateful") return [claim(joinName([main, volume]))];
    return Array.from({ length: workload.replicas }, (_, index) => claim(replicaClaim(volume, main, index)));
  });
}

/** The first address bears the name of its workload, the others have their number behind it. */
function routeNames(main: string, workload: Settled): ObjectName[] {
  if (!("expose" in workload)) return [];
  const routes = [...workload.expose.entries()].filter(([, one]) => "host" in one);
  const passed = [...workload.expose.entries()].filter(([, one]) => "tls" in one);
  return [
    ...routes.map(([index], order) => ({ object: `Route ${routeName(main, order)}`, path: ["expose", index] })),
    ...passed.map(([index], order) => ({ object: `Route ${tlsRouteName(main, order)}`, path: ["expose", index] })),
  ];
}
