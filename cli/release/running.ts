import type { RunningImage } from "../../components/release/promotion";
import { kubectlFor, type Target } from "../clusters";
import { findWorkloads } from "../workloads/find";

/**
 * What runs on the clusters of an environment.
 * @throws PetrichorError CLUSTER_UNREACHABLE: what can't be seen can't be promoted
 */
export async function runningImages(targets: readonly Target[]): Promise<RunningImage[]> {
  const found = await Promise.all(
    targets.map(async (target) => {
      const workloads = await findWorkloads(await kubectlFor(target));
      return workloads.map(({ app, workload, image, ready, wanted }): RunningImage => ({
        app,
        workload,
        cluster: target.stackName,
        image,
        ready,
        wanted,
      }));
    }),
  );
  return found.flat();
}
