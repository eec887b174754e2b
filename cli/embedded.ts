import { existsSync } from "node:fs";
import { embeddedKubeconfig } from "../components/cluster/embedded";
import type { ClusterAddresses } from "../toolchain/cluster/cluster";
import type { ClusterReport } from "../toolchain/cluster/report";
import { reportBuilds } from "./engine/tools";
import type { Progress, Step } from "./progress";

export interface StartedCluster {
  readonly addresses: ClusterAddresses;
  /** Whether it was made just now, so that nothing runs on it yet. */
  readonly isNew: boolean;
}

/** Starts an instance of the embedded cluster, or makes it, with progress. */
export async function startEmbedded(instance: string, progress: Progress): Promise<StartedCluster> {
  const { startCluster } = await import("../toolchain/cluster/cluster");
  const isNew = !existsSync(embeddedKubeconfig(instance));
  const addresses = await startCluster({ name: instance, report: reportCluster(instance, progress) });
  return { addresses, isNew };
}

function reportCluster(instance: string, progress: Progress): ClusterReport {
  const build = reportBuilds(progress);
  const steps = new Map<string, Step>();
  return (event) => {
    if (event.type === "build") build(event.build);
    else if (event.type === "step started")
      steps.set(event.step, progress.step(`starting cluster ${instance}: ${event.step}`));
    else steps.get(event.step)?.done();
  };
}

/** Deletes an instance with all its data; the engine's state of what ran there goes with it. */
export async function deleteEmbedded(instance: string, progress: Progress): Promise<void> {
  const { deleteCluster } = await import("../toolchain/cluster/cluster");
  const step = progress.step(`deleting cluster ${instance}`);
  await deleteCluster({ name: instance });
  step.done();
}
