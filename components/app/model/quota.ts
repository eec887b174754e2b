import { fromBytes, fromMillicores, type Size, toBytes, toMillicores } from "../../kube/units";
import type { AppDefinition } from "../definition/app";
import type { AppModel, WorkloadModel } from "./types";

/** Room for a roll-out that starts every new replica before an old one goes, and for deploy jobs. */
const headroom = 2;
/** So that an app without volumes can be given one by a person who looks into it. */
const smallestStorage: Size = "1Gi";

/** Most pods of a workload that run at one time, its deploy jobs left out. A daemon's number is the cluster's; it counts as ten. */
export function fullScale(workload: WorkloadModel): number {
  switch (workload.kind) {
    case "service":
    case "worker":
      return workload.scale.max;
    case "stateful":
      return workload.replicas;
    case "job":
      return workload.parallelism * (workload.scale?.max ?? 1);
    case "cron":
      return workload.parallelism;
    case "daemon":
      return 10;
  }
}

/** What all workloads of an app need at full scale. */
export function declaredNeed(workloads: readonly WorkloadModel[]) {
  const need = { millicores: 0, memory: 0, storage: 0, pods: 0 };
  for (const workload of workloads) {
    const pods = fullScale(workload);
    need.pods += pods;
    for (const { resources } of [workload.container, ...workload.sidecars]) {
      need.millicores += pods * toMillicores(resources.cpu);
      need.memory += pods * toBytes(resources.memory);
    }
    for (const volume of workload.volumes) {
      if (volume.type === "persistent")
        need.storage += toBytes(volume.size) * (workload.kind === "stateful" ? pods : 1);
    }
  }
  return need;
}

/** The quota of an app's namespace: what its author says, else twice what the workloads declare. */
export function settleQuota(written: AppDefinition["quota"], workloads: readonly WorkloadModel[]): AppModel["quota"] {
  const need = declaredNeed(workloads);
  return {
    cpu: written?.cpu ?? fromMillicores(Math.max(1000, headroom * need.millicores)),
    memory: written?.memory ?? fromBytes(Math.max(toBytes("1Gi"), headroom * need.memory)),
    storage: written?.storage ?? fromBytes(Math.max(toBytes(smallestStorage), headroom * need.storage)),
    pods: written?.pods ?? Math.max(10, headroom * need.pods),
  };
}
