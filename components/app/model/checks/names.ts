import { connectionSecret } from "../links";
import { objectName } from "../names";
import { joinName } from "../../../kube/names";
import type { SettledApp } from "../resolve";
import type { Checked } from "./check";

/** Namespaces that Kubernetes and the platform have for themselves. */
const reserved = /^(default|kube-.*|petrichor-.*|keda|local-path-storage)$/;

/** Names that an app can't have. */
export function reservedName(app: string): boolean {
  return reserved.test(app);
}

/** Names of objects are made of names of workloads, and two different ones may come to the same: `a-b` with job `c`, `a` with job `b-c`. */
export function checkNames({ app, name, workload, report }: Checked): void {
  const others = namesOf(app, name);
  for (const { object, path } of namesOfWorkload(name, workload)) {
    const owner = others.get(object);
    if (owner === undefined || owner >= name) continue;
    const message = `its object "${object}" would have the name of one of workload "${owner}".`;
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

function namesOfWorkload(name: string, workload: Checked["workload"]): { object: string; path: string[] }[] {
  const main = objectName(workload.kind, name);
  const hooks = (["preDeploy", "postDeploy"] as const).flatMap((phase) =>
    phase in workload
      ? Object.keys((workload as Record<typeof phase, object>)[phase]).map((hook) => ({
          object: joinName([name, hook]),
          path: [phase, hook],
        }))
      : [],
  );
  const service = workload.kind === "stateful" ? [joinName([main, "replicas"])] : [];
  const secrets = [connectionSecret(main), joinName([main, "public"])];
  return [
    { object: main, path: [] },
    ...[...service, ...secrets].map((object) => ({ object, path: [] as string[] })),
    ...hooks,
  ];
}
